// Has the official JavaScript driver make transactions, and prints a line of JSON about
// each: where it was run, or why it was not. The package load of Go has the words.
//
//   node drive.js PASSWORD ROUNDS URI...
//
// ROUNDS 0 goes on until standard input ends. NODE_EXTRA_CA_CERTS names the authority.
'use strict'
const neo4j = require('neo4j-driver')

const [password, rounds, ...uris] = process.argv.slice(2)
const settings = () => ({ // the driver writes into what it is given
  maxTransactionRetryTime: 0, connectionTimeout: 10000, connectionAcquisitionTimeout: 30000
})
const open = uri => neo4j.driver(uri, neo4j.auth.basic('neo4j', password), settings())

// The driver's own words say that discovery failed; why is in the cause.
const words = error => (error.cause ? `${error.message}: ${words(error.cause)}` : error.message)

async function transact (driver, uri, mode) {
  const line = { uri, mode }
  const session = driver.session({
    database: 'neo4j',
    defaultAccessMode: mode === 'r' ? neo4j.session.READ : neo4j.session.WRITE
  })
  try {
    const result = await session.run(mode === 'r' ? 'RETURN 1' : 'CREATE (n)')
    line.region = result.records[0].get('region')
    line.host = result.records[0].get('host')
  } catch (error) {
    line.error = words(error)
  }
  await session.close()
  process.stdout.write(JSON.stringify(line) + '\n')
}

async function main () {
  let going = true
  process.stdin.on('end', () => { going = false }).on('error', () => { going = false }).resume()
  const kept = new Map(uris.map(uri => [uri, open(uri)]))
  for (let round = 0; going && (rounds === '0' || round < Number(rounds)); round++) {
    for (const uri of uris) {
      const driver = round % 2 ? kept.get(uri) : open(uri)
      await transact(driver, uri, 'r')
      await transact(driver, uri, 'w')
      if (round % 2 === 0) await driver.close()
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  for (const driver of kept.values()) await driver.close()
  process.stdin.destroy()
}

main().catch(error => {
  console.error(error)
  process.exitCode = 1
})
