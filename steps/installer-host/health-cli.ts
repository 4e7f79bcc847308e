import { S3Client } from "@aws-sdk/client-s3";
import { clientConfiguration } from "../../lib/aws/client";
import { runWithJsonRequest } from "../../lib/run-main";
import { readPublished } from "../published-object";
import { type HealthRequest, waitForHealth } from "./health";

/** Waits until the installer host has published that it is healthy. */
runWithJsonRequest(async (given) => {
  const request = given as HealthRequest;
  const client = new S3Client(clientConfiguration(request.region));
  const say = (line: string) => process.stderr.write(`${line}\n`);
  await waitForHealth(request, { read: () => readPublished(client, request), say, interval: 2000 });
});
