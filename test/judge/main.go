// Reads cases as JSON and answers how Go's standard library judges each case. OpenShift's programs are built with the same library.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/url"
	"os"
)

type question struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	Key  string `json:"key"`
}

// answer has an empty error if Go accepts the input. For a URL it has the parts that decide where a request goes.
type answer struct {
	Error string `json:"error"`
	User  string `json:"user"`
	Host  string `json:"host"`
}

func main() {
	var questions []question
	if err := json.NewDecoder(os.Stdin).Decode(&questions); err != nil {
		panic(err)
	}
	answers := make([]answer, len(questions))
	for i, q := range questions {
		if err := judge(q, &answers[i]); err != nil {
			answers[i].Error = err.Error()
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		panic(err)
	}
}

func judge(q question, a *answer) error {
	switch q.Kind {
	case "bundle":
		return bundle([]byte(q.Text))
	case "pair":
		_, err := tls.X509KeyPair([]byte(q.Text), []byte(q.Key))
		return err
	case "url":
		// The installer parses URLs in the same way (openshift/installer, pkg/types/validation/installconfig.go, validateURI).
		parsed, err := url.ParseRequestURI(q.Text)
		if err == nil {
			a.User, a.Host = parsed.User.String(), parsed.Host
		}
		return err
	}
	return fmt.Errorf("no such kind: %s", q.Kind)
}

// bundle is as strict as the installer (openshift/installer, pkg/validate/validate.go, CABundle): it parses block after block, and allows no text after the
// last block.
func bundle(rest []byte) error {
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			return fmt.Errorf("no block where one should begin")
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return err
		}
		if len(rest) == 0 {
			return nil
		}
	}
}
