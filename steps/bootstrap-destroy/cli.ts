import { runWithJsonRequest } from "../../lib/run-main";
import { deleteMilestone, destroyBootstrap, type BootstrapDestroyTarget } from "./destroy";

/** The request of `components/bootstrap-destroy.ts`. */
export type BootstrapDestroyRequest = BootstrapDestroyTarget & { readonly action: "destroy" | "delete-milestone" };

runWithJsonRequest((given) => {
  const request = given as BootstrapDestroyRequest;
  return request.action === "destroy" ? destroyBootstrap(request) : deleteMilestone(request);
});
