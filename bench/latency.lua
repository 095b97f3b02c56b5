-- For wrk: asks the addresses in ADDRESSES, a file with "cookie TAB path" on each line, in their order over and over,
-- and prints how long answers took: the median and what 95 of 100 stay below, in microseconds, how many failed,
-- and how many there were.
local requests, at = {}, 0

function init()
    for line in io.lines(os.getenv("ADDRESSES")) do
        local cookie, path = line:match("^(.-)\t(.*)$")
        requests[#requests + 1] = wrk.format("GET", path, { ["Cookie"] = cookie })
    end
end

function request()
    at = at % #requests + 1
    return requests[at]
end

function done(summary, latency)
    local failed = summary.errors.status + summary.errors.timeout + summary.errors.read + summary.errors.connect
    print(string.format(
        "measured %d %d %d %d", latency:percentile(50), latency:percentile(95), failed, summary.requests
    ))
end
