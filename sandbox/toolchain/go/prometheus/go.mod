module toolchain/prometheus

go 1.26

require github.com/prometheus/prometheus v0.42.0
