module toolchain/openshift-definitions

go 1.26

require (
	github.com/kubernetes-csi/external-snapshotter/client/v8 v8.4.0
	github.com/openshift/api v0.0.0-20250313134101-8a7efbfb5316
	github.com/operator-framework/api v0.30.0
	github.com/prometheus-operator/prometheus-operator v0.81.0
)
