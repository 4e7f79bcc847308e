# Every target does its own set-up on a fresh machine: Node.js 20 or newer, Go 1.26 or newer, Python 3.11 and make are enough.
SHELL := bash
.DEFAULT_GOAL := help

# npm's record of the installed packages. `npm ci` runs again only if package.json or package-lock.json is newer than this file.
installed := node_modules/.package-lock.json
tsx := node_modules/.bin/tsx

# Programs get the values of the command line through the environment, exactly as they were typed: neither make nor the shell expands them.
arguments := STACK YES CONFIRM BUCKET REGION STACKS ADOPT GATHER BASE HEAD DEEP CHECK PLAN MARKDOWN REGIONS FORMAT OUT SECRETS LIVE FAULTS VERSION DRY_RUN BACKUP NAMESPACE TO EMPTY_VOLUMES LOCATION BACKUPS INFRA_ID RESTORE KUBELET
# These variables delete data, so they are read only from the command line: a variable that another tool exported must not delete anything.
$(foreach argument,BACKUPS INFRA_ID RESTORE,$(if $(filter command,$(origin $(argument))),,$(eval override $(argument) :=)))
$(foreach argument,$(arguments),$(eval override $(argument) := $$(value $(argument))))
export $(arguments)

.PHONY: help backend images up destroy rebuild sandbox sandbox-down sandbox-status sandbox-faults recover diagnose plan cost prices topology report restore-resources smoke toolchain test test-unit test-engine campaign bench check docs release

help: ## lists these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(installed): package.json package-lock.json
	npm ci --no-audit --no-fund
	@touch $@

up: $(installed) ## previews and updates a stack until no changes are left: make up STACK=<stack> [YES=1]
	@$(tsx) tools/driver/cli.ts up --stack "$$STACK" $(if $(YES),--yes)

destroy: $(installed) ## destroys a stack, including protected resources: make destroy STACK=<stack> CONFIRM=<cluster's domain> [BACKUPS=delete [INFRA_ID=<infra ID>]]
	@$(tsx) tools/driver/cli.ts destroy --stack "$$STACK" --confirm "$$CONFIRM" $(if $(BACKUPS),--backups "$$BACKUPS") $(if $(INFRA_ID),--infra-id "$$INFRA_ID")

rebuild: $(installed) ## destroys a stack and brings it up again as a new cluster: make rebuild STACK=<stack> CONFIRM=<cluster's domain>
	@$(tsx) tools/driver/cli.ts rebuild --stack "$$STACK" --confirm "$$CONFIRM" $(if $(BACKUPS),--backups "$$BACKUPS")

backend: $(installed) ## creates a shared Pulumi backend in S3: make backend BUCKET=<name> REGION=<region> STACKS=<stack>,<stack> [ADOPT=1]
	@$(tsx) tools/backend/cli.ts --bucket "$$BUCKET" --region "$$REGION" --stacks "$$STACKS" $(if $(ADOPT),--adopt)

images: $(installed) ## records the digests of the project's container images: make images [CHECK=1]
	@$(tsx) tools/images/cli.ts $(if $(CHECK),--check)

sandbox: $(installed) ## brings a stack up against an emulated AWS; needs no cloud account: make sandbox [STACK=dev|services] [KUBELET=real|kwok]
	@$(tsx) sandbox/cli.ts up $(if $(STACK),"$$STACK") $(if $(KUBELET),"--kubelet=$$KUBELET")

sandbox-down: $(installed) ## destroys the running stack and stops the sandbox
	@$(tsx) sandbox/cli.ts down

sandbox-status: $(installed) ## shows whether the sandbox is running, and with which stack
	@$(tsx) sandbox/cli.ts status

sandbox-faults: $(installed) ## injects faults into the sandbox's AWS: make sandbox-faults [FAULTS='<fault>; ...' | FAULTS=none]
	@$(tsx) sandbox/cli.ts faults $(if $(FAULTS),"$$FAULTS")

diagnose: $(installed) ## finds out why an installation fails: make diagnose STACK=<stack> [GATHER=<directory>]
	@$(tsx) tools/diagnose/cli.ts --stack "$$STACK" $(if $(GATHER),--gather "$$GATHER")

recover: $(installed) ## repairs a stack's state after a killed or failed update: make recover STACK=<stack>
	@$(tsx) tools/recovery/cli.ts $(if $(STACK),"$$STACK")

plan: $(installed) ## shows what an update changes, interrupts and costs: make plan STACK=<stack>, or, without credentials, make plan BASE=<commit> [HEAD=<commit>] [DEEP=1]
	@$(if $(BASE),$(tsx) sandbox/plan/cli.ts --base "$$BASE" $(if $(HEAD),--head "$$HEAD") $(if $(DEEP),--deep),$(tsx) tools/plan/cli.ts) \
	  $(if $(STACK),--stack "$$STACK") $(if $(PLAN),--plan "$$PLAN") $(if $(MARKDOWN),--markdown)

cost: $(installed) ## estimates a stack's cost per month: make cost STACK=<stack> [PLAN=<output of pulumi preview --json>]
	@$(tsx) tools/cost/cli.ts $(if $(STACK),--stack "$$STACK") $(if $(PLAN),--plan "$$PLAN")

prices: $(installed) ## updates the price table from AWS's public price list: make prices [REGIONS=<region>,<region>]
	@$(tsx) tools/cost/refresh.ts $(if $(REGIONS),--regions "$$REGIONS")

topology: $(installed) ## draws a diagram of a stack: make topology STACK=<stack> [FORMAT=svg] [OUT=<file>]
	@$(tsx) tools/topology/cli.ts --stack "$$STACK" $(if $(FORMAT),--format "$$FORMAT") $(if $(OUT),--out "$$OUT")

report: $(installed) ## writes a report of a stack as one HTML file: make report STACK=<stack> [OUT=<file>] [SECRETS=1] [LIVE=1]
	@$(tsx) tools/report/cli.ts --stack "$$STACK" $(if $(OUT),--out "$$OUT") $(if $(SECRETS),--secrets) $(if $(LIVE),--live)

restore-resources: $(installed) ## lists the backups of the cluster's objects, or restores a namespace: make restore-resources STACK=<stack> [BACKUP=<backup> NAMESPACE=<namespace> [TO=<namespace>] [EMPTY_VOLUMES=1] [DRY_RUN=1]] [LOCATION=<location of another cluster's backups>]
	@$(tsx) tools/restore-resources/cli.ts --stack "$$STACK" $(if $(LOCATION),--location "$$LOCATION") $(if $(BACKUP),--backup "$$BACKUP") $(if $(NAMESPACE),--namespace "$$NAMESPACE") $(if $(TO),--to "$$TO") $(if $(EMPTY_VOLUMES),--empty-volumes) $(if $(DRY_RUN),--dry-run)

smoke: $(installed) ## tests the example application by writing and reading entries; RESTORE=1 also backs it up, deletes it with all entries and restores it: make smoke STACK=<stack> [RESTORE=1] [DRY_RUN=1]
	@$(tsx) tools/smoke/cli.ts --stack "$$STACK" $(if $(RESTORE),--restore) $(if $(DRY_RUN),--dry-run)

toolchain: $(installed) ## builds or downloads the tools of the sandbox and the tests
	@$(tsx) sandbox/toolchain/cli.ts

test: $(installed) ## runs check, test-unit and test-engine
	@$(tsx) test/run.ts

test-unit: $(installed) ## runs the unit and component tests; takes seconds
	node_modules/.bin/jest

test-engine: $(installed) ## runs the tests with the real Pulumi engine and the emulated AWS; takes minutes
	node_modules/.bin/jest -c jest.engine.config.js

campaign: $(installed) ## runs the tests of whole installations, with faults, kills and rebuilds; takes about ten hours
	node_modules/.bin/jest -c jest.campaign.config.js

bench: $(installed) ## measures speed and memory; takes about half an hour
	@$(tsx) test/bench/run.ts

check: $(installed) ## checks types, lint, formatting, import cycles, exported names, generated files, regular expressions and workflows
	node_modules/.bin/tsc -p tsconfig.check.json
	node_modules/.bin/eslint .
	node_modules/.bin/prettier --check --log-level warn .
	$(tsx) test/imports/check.ts
	$(tsx) test/exports/check.ts
	$(tsx) config/generate.ts --check
	$(tsx) tools/dashboards/generate.ts --check
	$(tsx) test/expressions/check.ts
	$(tsx) sandbox/toolchain/actionlint.ts

release: $(installed) ## releases a version of this project: make release VERSION=<version> [DRY_RUN=1]
	@$(tsx) tools/project-release/cli.ts --version "$$VERSION" $(if $(DRY_RUN),--dry-run)

docs: $(installed) ## writes the generated files again: configuration reference, schema, releases, pictures
	$(tsx) config/generate.ts
	$(tsx) tools/dashboards/generate.ts
	WRITE_DOCS=1 node_modules/.bin/jest test/component/readme.test.ts
