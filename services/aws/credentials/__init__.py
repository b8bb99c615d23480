"""The credentials that open AWS: where they come from, how long they last, and how they are made good again.

``origin`` reads what the AWS configuration says, ``chain`` finds them as botocore does, ``keeper`` holds them for
botocore to sign with, ``device`` and ``tokens`` are the sign-in of IAM Identity Center, ``watch`` sees them end.
"""
