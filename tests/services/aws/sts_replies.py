"""Answers of STS for the scripted server."""

from __future__ import annotations

from tests.services.aws.rds_server import Reply

NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"


def caller(account: str = "111122223333") -> Reply:
    return Reply(
        f'<GetCallerIdentityResponse xmlns="{NAMESPACE}"><GetCallerIdentityResult>'
        f"<Arn>arn:aws:sts::{account}:assumed-role/ops/olga</Arn><UserId>AROA:olga</UserId><Account>{account}</Account>"
        "</GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
        "</GetCallerIdentityResponse>"
    )


def assumed(key: str = "ASIAASSUMED", expires: str = "2099-01-01T00:00:00Z") -> Reply:
    return Reply(
        f'<AssumeRoleResponse xmlns="{NAMESPACE}"><AssumeRoleResult><Credentials><AccessKeyId>{key}</AccessKeyId>'
        "<SecretAccessKey>assumed-secret</SecretAccessKey><SessionToken>assumed-token</SessionToken>"
        f"<Expiration>{expires}</Expiration></Credentials></AssumeRoleResult>"
        "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleResponse>"
    )
