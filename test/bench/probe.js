// Loaded into the Node processes of a Pulumi run (NODE_OPTIONS=--require): the one that runs the program leaves a note, when it
// ends, of what it took. Node's own count of its peak memory is the kernel's (VmHWM).
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");

const directory = process.env.OKD_BENCH_PROBE;
if (directory && /@pulumi\/pulumi\/cmd\/run\/index\.js$/.test(process.argv[1] ?? "")) {
  process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const note = { peakMegabytes: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
    writeFileSync(join(directory, "program.json"), JSON.stringify(note));
  });
}
