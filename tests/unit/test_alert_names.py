#!/usr/bin/env python3
"""What is wrong has one name: in the code, in SQL, in what people read at psql
and in the documentation, and every metric is documented.  Reads the sources;
speaks TAP.
"""

import re

import sourcetest
from sourcetest import read


def in_code():
    """{name: whether the database knows it by itself} of glasd."""
    return {name: there == "true" for name, there in re.findall(
        r'\[ALERT_\w+\] = \{ "([\w-]+)", (true|false) \}',
        read("src", "glasd", "alerts.c"))}


def found_by_the_database():
    """Names that the view of what is found there gives."""
    view = read("sql", "code", "40_views.sql").split(
        "view glas_data.found as\n")[1].split("\ncomment on")[0]
    names = set()
    for select in view.split("union all\n"):
        name, more = re.match(r"\s*select '([\w-]+)'( \|\| o\.state)?",
                              select).groups()
        names |= {name + state for state in (
            re.findall(r"o\.state = '(\w+)'", select) if more else [""])}
    return names


def in_comment():
    """(of gateways, of the database) as psql tells of glas.alerts.name."""
    text = read("sql", "code", "40_views.sql").split(
        "comment on column glas.alerts.name is")[1].split(";\n")[0]
    return [set(re.findall(r"\b[a-z]+(?:-[a-z]+)*\b", part)) for part in
            re.search(r"a gateway: (.*)\. Found here: (.*)\.", text,
                      re.S).groups()]


def in_documentation():
    """(of gateways, of the database) in the tables."""
    tables = read("doc", "states.md").split("## Names of trouble")[1].split(
        "| alert that the database finds |")
    return [set(re.findall(r"^\| `([\w-]+)` \|", table, re.M))
            for table in tables]


def differ(what, names, others):
    """What is in one of two sets alone."""
    for name in sorted(names - others):
        yield f"{name} is not {what}"
    for name in sorted(others - names):
        yield f"{name} is {what}, and nowhere else"


def every_alert_has_its_name():
    """Each of the enum has a line in the table of names."""
    enum = read("src", "glasd", "alerts.h").split("enum alert {")[1].split(
        "ALERTS\n")[0]
    yield from differ("named in alerts.c", set(re.findall(r"ALERT_\w+", enum)),
                      set(re.findall(r"\[(ALERT_\w+)\] = \{ \"",
                                     read("src", "glasd", "alerts.c"))))


def every_alert_begins_somewhere():
    """A name that nobody uses is none."""
    watch = read("src", "glasd", "watch.c") + read("src", "glasd",
                                                   "watch_link.c")
    yield from differ("put by watch.c or watch_link.c",
                      set(re.findall(r"\[(ALERT_\w+)\]",
                                     read("src", "glasd", "alerts.c"))) -
                      {"ALERTS"}, set(re.findall(r"\bALERT_\w+", watch)))


def what_the_database_knows_by_itself_is_found_there():
    """glasd does not tell it, so that the view must have it."""
    for name, there in in_code().items():
        if there != (name in found_by_the_database()):
            yield f"{name} is told by {'nobody' if there else 'both'}"


def psql_names_them_all():
    """The comment on glas.alerts.name."""
    gateways, database = in_comment()
    found = found_by_the_database()
    yield from differ("in the comment, as of a gateway",
                      set(in_code()) - found, gateways)
    yield from differ("in the comment, as found here", found, database)


def the_documentation_explains_them_all():
    """The tables in doc/states.md."""
    gateways, database = in_documentation()
    found = found_by_the_database()
    yield from differ("in states.md, as of a gateway",
                      set(in_code()) - found, gateways)
    yield from differ("in states.md, as of the database", found, database)


def the_documentation_explains_all_metrics():
    """The table in doc/monitoring.md."""
    code = read("src", "show", "metrics.c")
    doc = read("doc", "monitoring.md").split("## Prometheus")[1].split(
        "Rules to begin with")[0]
    yield from differ(
        "in monitoring.md",
        {re.sub(r"_(sum|count)$", "", name)
         for name in re.findall(r'"(glas_\w+)', code)},
        set(re.findall(r"`(glas_\w+)", doc)))


TESTS = (
    every_alert_has_its_name,
    every_alert_begins_somewhere,
    what_the_database_knows_by_itself_is_found_there,
    psql_names_them_all,
    the_documentation_explains_them_all,
    the_documentation_explains_all_metrics,
)


if __name__ == "__main__":
    sourcetest.run(TESTS)
