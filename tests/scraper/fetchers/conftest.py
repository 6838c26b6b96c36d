"""Laws are tried without a stopwatch: a machine that is busy breaks no law.

What must be quick has a test of its own, in processor time.
"""

from hypothesis import settings

settings.register_profile("no stopwatch", deadline=None)
settings.load_profile("no stopwatch")
