"""A server that speaks S3 over HTTP, in a process of its own, for the tests of files kept in a bucket."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import boto3
from botocore.exceptions import EndpointConnectionError

KEY, SECRET, BUCKET = "keyoftests", "secret/of+tests", "evidence"
WAIT = 60
"""Seconds, for the server to begin."""


@contextmanager
def bucket_running(log):
    """The address of an empty bucket, as ATTACHMENTS_URL takes it, and a client of it. `log` is a file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="eu-west-2",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )
        _make_bucket(client, process)
        at = f"127.0.0.1:{port}/{BUCKET}?region=eu-west-2"
        yield f"s3+http://{KEY}:secret%2Fof%2Btests@{at}", client
    finally:
        process.terminate()
        process.wait(timeout=WAIT)


def _make_bucket(client, process):
    until = time.monotonic() + WAIT
    while True:
        try:
            client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        except EndpointConnectionError:
            if process.poll() is not None or time.monotonic() > until:
                raise
        else:
            return
