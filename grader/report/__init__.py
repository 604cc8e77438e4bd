"""Reports as text or bytes, one module a format; pure functions of `Report`s."""
