"""The one exception of this package."""


class Error(Exception):
    """The world's fault: a file, recipe, device or argument. The text says where, what was found
    and what was wanted, as on the command line; `exit_code` is what the command line would end
    with (sysexits: 64 usage, 65 data, 69 no device, 70 our bug, 74 I/O)."""

    def __init__(self, text: str, exit_code: int = 65):
        super().__init__(text)
        self.exit_code = exit_code

    def __reduce__(self):
        return Error, (str(self), self.exit_code)
