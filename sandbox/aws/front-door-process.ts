import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createFrontDoor } from "./front-door";
import { writePrivately } from "./private-file";

/** The front door as a process of its own: `front-door-process.ts <directory>`. Announces its port in `<directory>/front-door.json`. */
function main(directory: string): void {
  const { port } = JSON.parse(readFileSync(join(directory, "emulator.json"), "utf8")) as { port: number };
  const server = createFrontDoor({ directory, emulatorPort: port });
  // A client's broken connection must never take the door of all the others with it.
  process.on("uncaughtException", (error) => {
    console.error(error);
  });
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1024 }, () => {
    writePrivately(join(directory, "front-door.json"), JSON.stringify({ port: (server.address() as AddressInfo).port }));
  });
}

main(process.argv[2] ?? ".");
