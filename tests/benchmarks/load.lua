-- Asks for the paths of a file one after the other, with the headers of another; tells what came.
local paths, headers = {}, {}
for line in io.lines(os.getenv("BENCH_PATHS")) do paths[#paths + 1] = line end
for line in io.lines(os.getenv("BENCH_HEADERS")) do
  local name, value = line:match("^(%S+): (.*)$")
  headers[name] = value
end
local number = 0

request = function()
  number = number % #paths + 1
  return wrk.format("GET", paths[number], headers)
end

done = function(summary, latency)
  io.write(string.format("FOUND %d %d %d %d %d %d\n", summary.requests, summary.duration,
    summary.bytes, summary.errors.status + summary.errors.read + summary.errors.timeout,
    latency:percentile(50), latency:percentile(95)))
end
