"""A few tests that start real processes and talk to them over the network.

What a faster test can show is not shown here.
Nobody imports from here.
"""
