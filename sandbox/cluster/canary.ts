import { connect, type Instance, isRefusal, type Listening, type World } from "../machines";

/** Milliseconds between two checks; the real operator makes one a minute. */
const interval = 1000;

/** Failures in a row after which the default router counts as degraded. */
const mostFailures = 5;

/**
 * Plays the check of the ingress operator that a route is answered, and the like of the authentication and the console operator: from a pod, through
 * the default router's load balancer, as users come (openshift/cluster-ingress-operator, pkg/operator/controller/canary/{controller,http}.go).
 */
export class Canary {
  private checkedAt = 0;
  private failures = 0;
  private reason?: string;
  /** Whether a check has succeeded since the simulator came. */
  private answered = false;

  constructor(private readonly domain: string) {}

  /**
   * Makes a check, unless one was made a moment ago.
   *
   * @param machine that the operators' pods run on: they have its address, or that of the NAT gateway on their way
   */
  check(world: World, listening: Listening, machine: Instance): void {
    if (Date.now() - this.checkedAt < interval) return;
    this.checkedAt = Date.now();
    const found = connect(world, listening, machine, `canary-openshift-ingress-canary.apps.${this.domain}`, 443);
    if (isRefusal(found)) {
      this.failures += 1;
      this.reason = found.refused;
    } else {
      this.failures = 0;
      this.reason = undefined;
      this.answered = true;
    }
  }

  /** Why the routes of console and login aren't answered; undefined while they are, and while they fail for a moment only. */
  get unanswered(): string | undefined {
    return this.answered && this.failures < mostFailures ? undefined : this.reason;
  }

  /** What the ingress operator says of the default router; undefined while that is not degraded. */
  get degraded(): string | undefined {
    if (this.failures < mostFailures) return undefined;
    const checks = `CanaryChecksSucceeding=False (CanaryChecksRepetitiveFailures: Canary route checks for the default ingress controller are failing: ${this.reason ?? ""})`;
    return `The "default" ingress controller reports Degraded=True: DegradedConditions: One or more other status conditions indicate a degraded state: ${checks}`;
  }
}
