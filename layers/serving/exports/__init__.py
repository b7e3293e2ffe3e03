"""Any filter of a layer as a file, in any system that is offered."""
