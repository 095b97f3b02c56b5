"""The parts of the editor page, each built for its template, closed or standing open for editing."""
