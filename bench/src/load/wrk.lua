-- Run by wrk for load/wrk.ts: checks every answer, and counts those that are not what they should be.
-- The job is a Lua table in the file named by the first argument.

local threads = {}
local job

-- Read by the main thread when all is over.
wrong = 0
complaint = ""

function setup(thread)
  table.insert(threads, thread)
end

local function read_lines(path)
  local lines = {}
  for line in io.lines(path) do lines[#lines + 1] = line end
  return lines
end

-- Each request with the next cookie of the list; the others are sent as wrk makes them.
local function send_cookies(cookies, at)
  request = function()
    at = at % #cookies + 1
    return job.head .. cookies[at] .. "\r\n\r\n"
  end
end

function init(args)
  job = dofile(args[1])
  -- wrk asks for one request beforehand, to look at it.
  if job.cookies then send_cookies(read_lines(job.cookies), job.first - 1) end
end

local answered = false

-- The program that started us gives it so much time from here on: with nothing answered there is nothing to report.
local function note_first()
  if not answered then io.stderr:write("answered\n") end
  answered = true
end

local function complain(what)
  wrong = wrong + 1
  if complaint == "" then complaint = what end
end

function response(status, headers, body)
  note_first()
  if status ~= job.status then return complain("status " .. status .. ": " .. body:sub(1, 200)) end
  if #body ~= job.length then return complain("a body of " .. #body .. " bytes: " .. body:sub(1, 200)) end
  if job.body and body ~= job.body then return complain("another body: " .. body:sub(1, 2000)) end
  for name, value in pairs(job.headers) do
    if headers[name] ~= value then return complain(name .. ": " .. tostring(headers[name])) end
  end
end

function done(summary)
  local all, first = 0, ""
  for _, thread in ipairs(threads) do
    all = all + thread:get("wrong")
    if first == "" then first = thread:get("complaint") end
  end
  local e = summary.errors
  io.write(string.format("\nresult %d %d %d %d %s\n", summary.requests, summary.duration, all,
    e.connect + e.read + e.write + e.timeout, first:gsub("%c", " ")))
end
