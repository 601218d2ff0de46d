// Submits a request, inquires about it and searches its answer with fhir-kit-client.
// Reads {base, token, request, inquiry} from standard input, and writes the three answers to standard output.
import { text } from 'node:stream/consumers';
import { Client } from 'fhir-kit-client';

const { base, token, request, inquiry } = JSON.parse(await text(process.stdin));
const client = new Client({ baseUrl: base, bearerToken: token });

const capabilities = await client.capabilityStatement();
const smart = await client.smartAuthMetadata();
const submitted = await client.operation({ name: 'submit', resourceType: 'Claim', input: request });
const number = submitted.entry[0].resource.preAuthRef;
const inquired = await client.operation({ name: 'inquire', resourceType: 'Claim', input: inquiry });
const found = await client.search({ resourceType: 'ClaimResponse', searchParams: { 'pre-auth-ref': number } });
const read = await client.read({ resourceType: 'ClaimResponse', id: found.entry[0].resource.id });

process.stdout.write(JSON.stringify({ capabilities, smart, submitted, inquired, found, read }));
