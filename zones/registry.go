package zones

// Formats returns all formats, in the order in which they are listed to users.
func Formats() []Format {
	return []Format{
		bind,
		rpz,
		unbound,
		dnsmasq,
		hosts,
		coredns,
		route53,
		cloudFormation,
		gcpResponsePolicy,
		gcpRecordSets,
		azureZone,
		azureARM,
		terraformAWS,
		terraformGoogle,
		terraformAzure,
		octodns,
		externalDNS,
		powerdns,
		jsonFormat,
		openvpn,
		wireguard,
		systemdResolved,
		macosResolver,
		windowsNRPT,
		tailscale,
		awsClientVPN,
		route53Resolver,
		azureResolver,
		gcpInbound,
	}
}

// FormatNamed returns the format of that name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}
