// Prints a name's addresses as `getent ahostsv4` does; exit code 2 if it has none. OKD_SANDBOX_SIMULATOR is the file with the simulator's
// URL.
const { readFileSync } = require("node:fs");
const { get } = require("node:http");
const { isIPv4 } = require("node:net");

const name = process.argv[2] ?? "";

function print(addresses) {
  if (addresses.length === 0) process.exit(2);
  for (const address of addresses)
    for (const type of ["STREAM", "DGRAM", "RAW"])
      process.stdout.write(`${address.padEnd(15)} ${type.padEnd(6)} ${type === "STREAM" ? name : ""}\n`);
}

function simulator() {
  try {
    return JSON.parse(readFileSync(process.env.OKD_SANDBOX_SIMULATOR ?? "", "utf8")).resolver;
  } catch {
    return undefined; // No simulator is running.
  }
}

const url = simulator();
if (isIPv4(name)) print([name]);
else if (url === undefined) print([]);
else
  get(`${url}addresses?name=${encodeURIComponent(name)}`, (answer) => {
    let text = "";
    answer.setEncoding("utf8");
    answer.on("data", (part) => (text += part));
    answer.on("end", () => {
      if (answer.statusCode !== 200) throw new Error(text);
      print(JSON.parse(text));
    });
  });
