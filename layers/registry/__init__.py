"""What a layer is: one declaration, whether its records are stored or typed."""

from layers.registry.declaration import Declaration, Field, FieldType, Geometry
from layers.registry.registry import register, typed_declarations

__all__ = ["Declaration", "Field", "FieldType", "Geometry", "register", "typed_declarations"]
