"""What belongs to the whole city in the administration."""


class CityWide:
    """For model admins: staff with an area of responsibility may look, and change nothing."""

    def has_add_permission(self, request):
        return not request.user.area and super().has_add_permission(request)

    def has_change_permission(self, request, obj=None):
        return not request.user.area and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return not request.user.area and super().has_delete_permission(request, obj)
