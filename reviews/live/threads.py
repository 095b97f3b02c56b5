"""Asking the database from the event loop: Django's queries run in a few threads of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connection

_P = ParamSpec("_P")
_T = TypeVar("_T")

_threads = ThreadPoolExecutor(max_workers=6, thread_name_prefix="database")


async def in_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """The result of `function`, which may query; its connection goes back to the pool afterwards."""

    def call() -> _T:
        try:
            return function(*args, **kwargs)
        finally:
            connection.close()

    return await asyncio.get_running_loop().run_in_executor(_threads, call)
