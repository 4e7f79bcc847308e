import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createFrontDoor } from "./front-door";
import { writePrivately } from "./private-file";

/** The front door as a separate process: `front-door-process.ts <directory>`. It writes its port to `<directory>/front-door.json`. */
function main(directory: string): void {
  const { port } = JSON.parse(readFileSync(join(directory, "emulator.json"), "utf8")) as { port: number };
  const server = createFrontDoor({ directory, emulatorPort: port });
  // One client's broken connection must not end the front door for all others.
  process.on("uncaughtException", (error) => {
    console.error(error);
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
    writePrivately(join(directory, "front-door.json"), JSON.stringify({ port: (server.address() as AddressInfo).port }));
  });
}

main(process.argv[2] ?? ".");
