"""An SNS topic: ``Publish`` with the credentials of whoever tells."""

from __future__ import annotations

import re
from typing import Any, Final, Protocol

from services.aws.errors import outcome_of
from services.telling.message import Message
from services.telling.sender import Delivery

ARN: Final = re.compile(r"arn:aws[a-z-]*:sns:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):[A-Za-z0-9_-]+(\.fifo)?")
FIFO: Final = ".fifo"
ACTION: Final = "sns:Publish"
"""The one IAM action that it needs."""


class TopicError(ValueError):
    """What is no topic's ARN."""


class Clients(Protocol):
    """What hands out clients: ``services.aws.session.AwsSession``, of a session without a role."""

    def client(self, service: str, account: str, region: str) -> Any: ...


class Topic:
    """The topic of that ARN."""

    def __init__(self, arn: str, clients: Clients) -> None:
        """Raises ``TopicError``."""
        found = ARN.fullmatch(arn)
        if found is None:
            raise TopicError("the topic is an ARN: arn:aws:sns:eu-central-1:111122223333:tenure-due")
        self._arn = arn
        self._account, self._region = found["account"], found["region"]
        self._clients = clients
        self.name = f"topic {arn}"

    def send(self, message: Message) -> Delivery:
        """See ``Sender``; boto3 tries again by itself. A FIFO topic drops a message that comes again within five
        minutes."""
        ordered = {"MessageGroupId": "tenure", "MessageDeduplicationId": message.id} if self._arn.endswith(FIFO) else {}
        try:
            client = self._clients.client("sns", self._account, self._region)
            client.publish(
                TopicArn=self._arn,
                Message=message.body,
                Subject=message.subject,
                MessageAttributes={
                    "id": {"DataType": "String", "StringValue": message.id},
                    "status": {"DataType": "String", "StringValue": str(message.worst)},
                },
                **ordered,
            )
        except Exception as error:  # noqa: BLE001 - whatever AWS or the line does: told, and sent again
            return Delivery(done=False, error=outcome_of(error)[1])
        return Delivery(done=True)
