// Prints the IPv4 addresses of a name, as c-ares finds them, one a line.
const { Resolver } = require('dns');
new Resolver().resolve4(process.argv[2], (err, addresses) => {
  if (err) {
    console.error(err.code);
    process.exitCode = 1;
    return;
  }
  addresses.forEach((address) => console.log(address));
});
