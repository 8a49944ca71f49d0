#!/usr/bin/env python3
"""Makes serveflow logs comparable: sorted by time, uids numbered in that order, times to the microsecond."""
import json
import sys

rows = [json.loads(line) for line in sys.stdin if line.startswith("{")]
rows.sort(key=lambda row: (row["ts"], row["community_id"], row["stage"] != "first"))
uids = {}
for row in rows:
    row["uid"] = uids.setdefault(row["uid"], f"C{len(uids) + 1}")
    row["ts"] = round(row["ts"], 6)
    row["pkt_dt"] = [round(dt, 6) for dt in row["pkt_dt"]]
    print(json.dumps(row, separators=(",", ":")))
