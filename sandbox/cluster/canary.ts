import { connect, type Instance, isFailure, type Listening, type AwsSnapshot } from "../machines";

/** Milliseconds between two checks. The real operator checks once a minute. */
const interval = 1000;

/** Number of consecutive failures after which the default router is reported as degraded. */
const mostFailures = 5;

/**
 * Simulates the ingress operator's canary check, and the similar checks of the authentication and console operators: a request from a pod
 * through the default router's load balancer, as users send it (openshift/cluster-ingress-operator,
 * pkg/operator/controller/canary/{controller,http}.go).
 */
export class Canary {
  private checkedAt = 0;
  private failures = 0;
  private reason?: string;
  /** Whether a check has succeeded since the simulator started. */
  private answered = false;

  constructor(private readonly domain: string) {}

  /**
   * Makes a check, unless the last one was less than `interval` ago.
   *
   * @param machine the instance on which the operators' pods run. The request's source address is the instance's, or its NAT gateway's
   */
  check(snapshot: AwsSnapshot, listening: Listening, machine: Instance): void {
    if (Date.now() - this.checkedAt < interval) return;
    this.checkedAt = Date.now();
    const found = connect(snapshot, listening, machine, `canary-openshift-ingress-canary.apps.${this.domain}`, 443);
    if (isFailure(found)) {
      this.failures += 1;
      this.reason = found.reason;
    } else {
      this.failures = 0;
      this.reason = undefined;
      this.answered = true;
    }
  }

  /** The reason why the routes of console and login don't answer; undefined if they do, or if they have failed only for a moment. */
  get unanswered(): string | undefined {
    return this.answered && this.failures < mostFailures ? undefined : this.reason;
  }

  /** The ingress operator's message about the default router; undefined if it is not degraded. */
  get degraded(): string | undefined {
    if (this.failures < mostFailures) return undefined;
    const checks = `CanaryChecksSucceeding=False (CanaryChecksRepetitiveFailures: Canary route checks for the default ingress controller are failing: ${this.reason ?? ""})`;
    return `The "default" ingress controller reports Degraded=True: DegradedConditions: One or more other status conditions indicate a degraded state: ${checks}`;
  }
}
