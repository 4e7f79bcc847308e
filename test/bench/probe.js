// `NODE_OPTIONS=--require` loads this file into each Node.js process of a Pulumi run. When the process that runs the program exits, this file writes
// its peak memory and processor time. Node.js takes the peak memory from the kernel (VmHWM).
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
