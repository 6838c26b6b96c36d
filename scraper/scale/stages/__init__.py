"""The search for copies as joins: functions from Arrow tables to Arrow tables, and nothing else.

They read no file and know no engine. A column ``to`` says which bucket a row goes to.
"""
