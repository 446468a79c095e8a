# Walks with the clients that openapi-python-client makes: create, publish, page, claim, redeem, counters, events by cursor.
import os
import sys
import uuid

from voucher_platform_config_client import AuthenticatedClient as Config
from voucher_platform_config_client.api.pages import save_page
from voucher_platform_config_client.api.voucher_life import publish_voucher
from voucher_platform_config_client.api.vouchers import create_voucher
from voucher_platform_config_client.models import PageInput, VoucherSpecInput
from voucher_platform_ledger_client import AuthenticatedClient as Ledger
from voucher_platform_ledger_client.api.counters import get_counters
from voucher_platform_ledger_client.api.events import list_voucher_events
from voucher_platform_page_delivery_client import AuthenticatedClient as PageDelivery
from voucher_platform_page_delivery_client.api.claims import claim_voucher
from voucher_platform_page_delivery_client.api.pages import view_page
from voucher_platform_page_delivery_client.api.redemptions import redeem_claim
from voucher_platform_page_delivery_client.models import Claim, ClaimInput, RedemptionInput

env = os.environ
config = Config(base_url=env['CONFIG'], token=env['STAFF'])
ledger = Ledger(base_url=env['LEDGER'], token=env['STAFF'])
alice = PageDelivery(base_url=env['PAGE_DELIVERY'], token=env['ALICE'])
till = PageDelivery(base_url=env['PAGE_DELIVERY'], token=env['TILL'])

spec = VoucherSpecInput.from_dict({
    'name': 'By Python', 'resourceType': 'coupon',
    'benefit': {'type': 'amount-off', 'amount': 2000, 'currency': 'EUR'},
    'windows': {'timeZone': 'UTC', 'valid': {'from': '2020-01-01T00:00:00Z', 'to': '2120-01-01T00:00:00Z'}},
})
voucher = create_voucher.sync(client=config, body=spec)
publish_voucher.sync(voucher.id, client=config)
slug = f'python-{uuid.uuid4()}'
save_page.sync(slug, client=config, body=PageInput(title='Python', voucher_ids=[voucher.id]))
module = view_page.sync(slug, client=alice).modules[0]
claim = claim_voucher.sync(voucher.id, client=alice, body=ClaimInput(page_slug=slug), idempotency_key='walk')
assert isinstance(claim, Claim), claim
order = RedemptionInput.from_dict({'order': {'id': 'order-1', 'amount': 12000, 'currency': 'EUR'}})
redemption = redeem_claim.sync(claim.id, client=till, body=order, idempotency_key='walk')
counters = get_counters.sync(voucher.id, client=ledger)
types, after = [], '0'
while after is not None:
    page = list_voucher_events.sync(voucher.id, client=ledger, limit=2, after=after)
    types += [row.type_.value for row in page.items]
    after = page.next_
print(module.state.value, claim.state.value, redemption.order.id, counters.claimed, counters.redeemed, *types, file=sys.stdout)
