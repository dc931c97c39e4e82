"""What `yookassa` and `yoomoney` raise where servers of ours raise an error; the guide of other clients shows this text."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
import yookassa
import yoomoney

from payments import yookassa as shop
from payments import yoomoney_wallet as wallet


@contextmanager
def listening(app: Any, certificate: str | None = None) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    serving = uvicorn.Server(uvicorn.Config(app, log_level="critical", ssl_certfile=certificate))
    thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not serving.started:
        time.sleep(0.01)
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        serving.should_exit = serving.force_exit = True
        thread.join()
        listener.close()


def anyone(credentials: object, operation: object) -> str:
    return "anyone"


def yookassa_meets(failure: Exception, certificate: str | None = None) -> str:
    class Payments(shop.server.PaymentsHandler):
        def create(self, request: shop.server.CreatePayment, /) -> shop.models.Payment:
            raise failure

    app = shop.server.create_app(shop.server.Handlers(payments=Payments()), authenticate=anyone)
    with listening(app, certificate) as url:
        yookassa.Configuration.configure("100500", "test_secret", api_url=url, timeout=1, verify=certificate)
        try:
            yookassa.Payment.create({"amount": {"value": "150.00", "currency": "RUB"}})
        except yookassa.domain.exceptions.ApiError as error:
            return f"{type(error).__name__}, an ApiError: {error.error.code}"
        except Exception as error:
            return f"{type(error).__name__}, no ApiError: {error}"
    return "nothing"


def yoomoney_meets(failure: Exception) -> str:
    class Account(wallet.server.AccountHandler):
        def info(self, request: wallet.server.AccountInfo, /) -> wallet.models.AccountInfo:
            raise failure

    app = wallet.server.create_app(wallet.server.Handlers(account=Account()), authenticate=anyone)
    with listening(app) as url, yoomoney.Client("token", base_url=f"{url}/") as client:
        try:
            client.account_info()
        except yoomoney.exceptions.YooMoneyError as error:
            return f"{type(error).__name__}, a YooMoneyError"
        except Exception as error:
            return f"{type(error).__name__}, no YooMoneyError: {str(error).splitlines()[0]}"
    return "nothing"
