"""Here is what people see of calendars to subscribe to: the window with the address, and the calendar itself.

No clock, no session and no setting is read here. Handlers and serving may import it.
"""
