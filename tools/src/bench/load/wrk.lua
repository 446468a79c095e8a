-- Sends requests from a template, in which {n} becomes the next number. Prints the figures as JSON.
local parts, number, cycle = {}, 0, tonumber(os.getenv("CYCLE") or "0")

function init()
  local rest = os.getenv("REQUEST")
  while true do
    local from, to = string.find(rest, "{n}", 1, true)
    if not from then break end
    parts[#parts + 1] = string.sub(rest, 1, from - 1)
    rest = string.sub(rest, to + 1)
  end
  parts[#parts + 1] = rest
end

function request()
  number = number + 1
  if cycle > 0 and number > cycle then number = 1 end
  return table.concat(parts, string.format("%d", number))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nfigures {"requests":%d,"micros":%d,"p50":%.3f,"p99":%.3f,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
