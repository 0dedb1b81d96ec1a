#!/usr/bin/env python3
"""What glasd tells a service manager: ready, alive, stopping.

The manager is a datagram socket of the test, told of as systemd would.
"""

import os
import signal
import socket
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "lib"))

from cluster import Cluster  # noqa: E402
from office import Office  # noqa: E402

WATCHDOG_US = 600_000
PATIENCE_S = 30


def setUpModule():
    global CLUSTER
    CLUSTER = unittest.enterModuleContext(Cluster(fsync=False))


class ServiceTest(unittest.TestCase):
    def setUp(self):
        self.office = Office(cluster=CLUSTER, database=f"glas{id(self)}")
        self.addCleanup(self.office.close)
        self.office.init()
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(self.office.path("notify"))
        self.manager.settimeout(PATIENCE_S)

    def start(self, **environment):
        self.office.start(NOTIFY_SOCKET=self.office.path("notify"),
                          **environment)

    def told(self):
        return self.manager.recv(4096).decode()

    def test_the_watchdog_is_fed_while_the_loop_turns(self):
        self.start(WATCHDOG_USEC=str(WATCHDOG_US))
        self.assertEqual(self.told(), "READY=1")
        for _ in range(3):
            self.assertEqual(self.told(), "WATCHDOG=1")
        self.office.process.send_signal(signal.SIGSTOP)
        self.manager.settimeout(4 * WATCHDOG_US / 1e6)
        with self.assertRaises(TimeoutError):
            while True:
                self.told()
        self.manager.settimeout(PATIENCE_S)
        self.office.process.send_signal(signal.SIGCONT)
        self.assertEqual(self.told(), "WATCHDOG=1")
        self.office.process.terminate()
        while (words := self.told()) == "WATCHDOG=1":
            pass
        self.assertEqual(words, "STOPPING=1")

    def test_the_watchdog_of_another_process_is_not_fed(self):
        self.start(WATCHDOG_USEC=str(WATCHDOG_US), WATCHDOG_PID="1")
        self.assertEqual(self.told(), "READY=1")
        self.manager.settimeout(4 * WATCHDOG_US / 1e6)
        with self.assertRaises(TimeoutError):
            self.told()

    def test_a_manager_that_is_gone_is_no_reason_to_end(self):
        self.manager.close()
        os.unlink(self.office.path("notify"))
        self.start(WATCHDOG_USEC=str(WATCHDOG_US))
        self.assertIsNotNone(self.office.status())


if __name__ == "__main__":
    unittest.main()
