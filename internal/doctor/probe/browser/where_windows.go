package browser

import (
	"context"
	"errors"

	"golang.org/x/sys/windows/registry"

	"github.com/auralink/auralink/internal/doctor"
)

// The programs are keys with a version in them: to start a browser for it would open a
// window.
var kinds = []kind{
	{
		name: "Google Chrome", chromium: true,
		programs: []string{`Software\Google\Chrome\BLBeacon`}, policies: []string{`Software\Policies\Google\Chrome`},
	},
	{
		name: "Microsoft Edge", chromium: true,
		programs: []string{`Software\Microsoft\Edge\BLBeacon`}, policies: []string{`Software\Policies\Microsoft\Edge`},
	},
	{
		name: "Brave", chromium: true,
		programs: []string{`Software\BraveSoftware\Brave-Browser\BLBeacon`}, policies: []string{`Software\Policies\BraveSoftware\Brave`},
	},
	{
		name:     "Firefox",
		programs: []string{`Software\Mozilla\Mozilla Firefox`}, policies: []string{`Software\Policies\Mozilla\Firefox`},
	},
}

// roots are where a key may be: the user's first.
var roots = []registry.Key{registry.CURRENT_USER, registry.LOCAL_MACHINE}

// version returns the version of a browser, if it is there.
func (m Machine) version(_ context.Context, k kind) (version string, there bool, err error) {
	for _, path := range k.programs {
		for _, root := range roots {
			key, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
			if err != nil {
				continue
			}
			defer key.Close()
			for _, value := range []string{"version", "CurrentVersion"} {
				if text, _, err := key.GetStringValue(value); err == nil {
					return text, true, nil
				}
			}
			return "", true, errors.New("the registry does not have it")
		}
	}
	return "", false, nil
}

// readPolicies reads the policies of a browser.
func (m Machine) readPolicies(_ context.Context, k kind, b *doctor.FoundBrowser) (errs []string) {
	for _, path := range k.policies {
		for _, root := range roots {
			key, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
			if err != nil {
				continue // there is none
			}
			defer key.Close()
			var p policy
			p.DNSOverHTTPSMode, _, _ = key.GetStringValue("DnsOverHttpsMode") // "" if it is not set
			p.LocalNetworkAccessAllowedForUrls = listIn(root, path+`\LocalNetworkAccessAllowedForUrls`)
			p.apply(b, path)
			if mode := firefoxDoHIn(root, path+`\DNSOverHTTPS`).mode(); mode != "" {
				b.DoH = mode
			}
		}
	}
	return nil
}

// listIn returns the values of a key, which are a list.
func listIn(root registry.Key, path string) []string {
	key, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer key.Close()
	names, err := key.ReadValueNames(0)
	if err != nil {
		return nil
	}
	var list []string
	for _, name := range names {
		if text, _, err := key.GetStringValue(name); err == nil {
			list = append(list, text)
		}
	}
	return list
}

// firefoxDoHIn returns Firefox's policy in a key.
func firefoxDoHIn(root registry.Key, path string) *firefoxDoH {
	key, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer key.Close()
	flag := func(name string) *bool {
		number, _, err := key.GetIntegerValue(name)
		if err != nil {
			return nil
		}
		set := number != 0
		return &set
	}
	return &firefoxDoH{Enabled: flag("Enabled"), Fallback: flag("Fallback")}
}
