import { Voice, type Makers, type Rules } from './grammar';
import { randomOf, type Random } from './random';

// People, places and offices are invented. Addresses end in example.gov or example.org, telephone numbers are 555-01xx.

const FIRST = ['Ottoline', 'Teodor', 'Marisel', 'Quentin', 'Ileana', 'Bram', 'Saoirse', 'Dashiell', 'Noor', 'Anselm', 'Yevka', 'Corwin', 'Priya', 'Lucan', 'Imogen', 'Rafi', 'Tamsin', 'Obed', 'Xiomara', 'Leopold', 'Wren', 'Hadiza', 'Casimir', 'Junia'];
const LAST = ['Brask', 'Quillhane', 'Vondertag', 'Ashgrave', 'Tollimar', 'Pennifold', 'Okunrade', 'Marchetto-Lund', 'Fairwick', 'Zelinko', 'Harrowgate', 'Dunmarsh', 'Castelrose', 'Thistlemore', 'Adeyric', 'Lindqvale', 'Barrowmint', 'Sorrelby', 'Ngatami', 'Winterhalt', 'Osterfield', 'Kestrelman', 'Ruvalcabra', 'Yarrowby'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+$)/g, ',');
const two = (n: number): string => String(n).padStart(2, '0');
const letters = (random: Random, n: number): string => Array.from({ length: n }, () => random.pick([...'ABCDEFGHJKLMNPRSTVWX'])).join('');

export const makers: Makers = {
  person: (r) => `${r.pick(FIRST)} ${r.pick(LAST)}`,
  surname: (r) => r.pick(LAST),
  money: (r) => `$${thousands(r.int(3, 980) * r.pick([5, 25, 100, 250, 1000]))}`,
  count: (r) => thousands(r.int(12, 9_400)),
  /** "$240,500, of which $59,000": the part is smaller than the whole. */
  costs: (r) => {
    const whole = r.int(20, 980) * 250;
    return `$${thousands(whole)}, of which $${thousands(Math.ceil((whole * r.int(5, 70)) / 25_000) * 250)}`;
  },
  date: (r) => `${r.pick(MONTHS)} ${r.int(1, 28)}, ${r.int(2023, 2025)}`,
  later: (r) => `${r.pick(MONTHS)} ${r.int(1, 28)}, ${r.int(2026, 2027)}`,
  month: (r) => r.pick(MONTHS),
  isodate: (r) => `${r.int(2023, 2025)}-${two(r.int(1, 12))}-${two(r.int(1, 28))}`,
  time: (r) => `${two(r.int(6, 20))}:${two(r.int(0, 59))}`,
  hours: (r) => {
    const start = r.int(8, 14);
    return `${two(start)}:${r.pick(['00', '15', '30'])} to ${two(start + r.int(1, 2))}:${r.pick(['30', '40', '45', '50'])}`;
  },
  docket: (r) => `${letters(r, 3)}-${r.int(2023, 2026)}-${String(r.int(1, 9999)).padStart(4, '0')}`,
  ticket: (r) => `${letters(r, 2)}${r.int(100_000, 999_999)}`,
  phone: (r) => `(${r.pick(['202', '303', '406', '505', '608', '701'])}) 555-01${two(r.int(0, 99))}`,
  section: (r) => `${r.int(11, 980)}.${r.int(10, 99)}`,
};

const general: Rules = {
  city: ['Port Ellery', 'Mill Hollow', 'Harlan Bend', 'Cedar Falls Junction', 'New Tamarack', 'Sable Point', 'Dry Fork', 'Kestrel Bay', 'Larkspur', 'Granite Ferry', 'East Wendover Mills', 'Tullis Creek', 'Marrow Lake', 'Fort Ansley', 'Blue Heron', 'Quarry Hill'],
  county: ['Ansley County', 'Tamarack County', 'Ellery County', 'Wendover County', 'Sable County', 'Larch County', 'Granite County', 'Tullis County'],
  region: ['the Northern Plains region', 'the Gulf region', 'the Mountain West region', 'the Great Lakes region', 'the Mid-Atlantic region', 'the Pacific region', 'the Upper Valley district', 'the Southern Coastal district'],
  bureau: ['Bureau of Harbors and Inland Ports', 'Office of Rural Connectivity', 'Federal Soil Survey Administration', 'Bureau of Civic Records', 'Office of Household Energy Assistance', 'National Bridge and Tunnel Office', 'Administration for Community Clinics', 'Bureau of Upland Forests', 'Office of Small Supplier Programs', 'Federal Flood Readiness Agency', 'Bureau of Weights and Calibration', 'Office of Tribal Water Partnerships'],
  unit: ['the program office', 'the regional office', 'the Office of General Counsel', 'the budget division', 'the field office in {city}', 'the Office of the Chief Information Officer', 'the internal audit staff', 'the policy branch', 'the customer service center', 'the contracting office'],
  role: ['program analyst', 'contracting officer', 'regional administrator', 'records officer', 'grants specialist', 'deputy director', 'systems owner', 'staff attorney', 'budget officer', 'field inspector', 'communications lead', 'privacy officer'],
  within: ['within {5-90} {calendar|business} days of {event}', 'no later than {10-60} days after {event}', 'before {event}', 'by the {5th|10th|15th|last} day of the month that follows {event}', 'at least {7-45} days before {event}', 'not more than {24-96} hours after {event}'],
  unless: ['unless {unit} grants an extension in writing', 'unless the delay is caused by a declared emergency', 'except where the amount at issue is below {money}', 'unless the same information was filed in the preceding {6-24} months', 'except for sites with fewer than {5-50} employees', 'unless a statute sets a shorter period', 'except where disclosure would endanger a person', 'unless the parties agree on another schedule and record it in the file'],
  finding: ['{2-19} of {20-60} sampled files lacked {a record}', 'the share of late {record} submissions rose from {4-14} to {15-38} percent', '{a record} was signed by someone without delegated authority', 'two systems gave different answers for {measure}', 'supervisors approved {record} entries without looking at the supporting file', '{measure} was reported from a spreadsheet that nobody could reproduce', '{issue} had been known to {unit} for {2-14} months'],
  cause: ['staff turnover left {2-9} positions vacant for most of the year', 'the written procedure still describes a system that was retired in {2017-2022}', 'nobody was named as the owner of {measure}', 'the form asks for the information in two places', 'training ended when the contract with the vendor lapsed', 'the deadline falls in the same week as the quarterly close', 'the interface drops any name longer than {24-40} characters', 'guidance from {unit} and from {unit} did not agree'],
  effect: ['{people} waited {9-64} days longer than the published standard', 'payments of about {money} were issued twice', 'the agency could not show that anyone had tried to {action}', 'calls to the service center rose by {12-80} percent', 'decisions on {12-90} cases had to be reopened', 'the annual report to the committee was filed {6-40} days late', 'local partners stopped using the portal and returned to paper'],
  remedy: ['assign one owner for {measure} and publish the name', 'rewrite the checklist so that {a record} is attached before approval', 'run a monthly comparison of the two systems and keep the result', 'retrain the {role} group on how to {action}', 'give {people} a single address for questions about {topic}', 'retire the old form by {later}', 'test the restored process with {10-40} live cases before it is announced'],
  definition: ['"Business day" means any day other than a Saturday, a Sunday or a legal public holiday', '"Deciding official" means the employee to whom the authority in this part has been delegated in writing', '"Complete submission" means one that contains every item named in § {section} and is signed', '"Good cause" includes illness, a natural disaster, and reliance on wrong written advice from the agency', '"Record" means information in any form that the agency keeps in the course of its business'],
};

/** What an agency works on. Every domain fills the same slots, so that one sentence fits all of them. */
export const domains: Readonly<Record<string, Rules>> = {
  benefits: {
    topic: ['household energy assistance', 'eligibility redetermination', 'survivor benefit claims', 'overpayment recovery', 'direct deposit changes', 'representative payees', 'emergency heating vouchers'],
    actor: ['the claimant', 'the benefits examiner', 'the representative payee', 'the household', 'the county caseworker'],
    people: ['claimants', 'applicants', 'households with children', 'older residents', 'recipients'],
    record: ['income statement', 'proof of residence', 'redetermination form', 'utility bill', 'earnings report', 'change-of-address notice', 'medical summary'],
    event: ['the notice of decision', 'the date of application', 'a change in household income', 'the end of the benefit period', 'the interview'],
    issue: ['a duplicate payment to a closed case', 'a missing wage record', 'a mismatch between reported and verified income', 'an interview that was never scheduled', 'a letter sent to an old address'],
    action: ['verify income with the employer', 'recompute the monthly amount', 'schedule a telephone interview', 'explain the appeal right', 'stop recovery while a waiver is pending'],
    measure: ['the median time to decision', 'the payment error rate', 'the share of claims filed online', 'the abandonment rate of calls', 'the reopening rate'],
    assets: ['case files', 'payment records', 'interview slots', 'benefit cards', 'service counters'],
    system: ['the Case Desk', 'the Benefit Ledger', 'the claims portal'],
    definition: ['"Countable income" means gross income less the deductions listed in § {section}', '"Household" means all persons who live together and buy and prepare food together'],
  },
  grants: {
    topic: ['rural broadband awards', 'indirect cost rates', 'subrecipient monitoring', 'matching contributions', 'closeout of expired awards', 'competitive review panels', 'capacity grants for tribal governments'],
    actor: ['the grantee', 'the subrecipient', 'the grants specialist', 'the review panel', 'the authorized official'],
    people: ['grantees', 'applicants', 'subrecipients', 'panel reviewers', 'county partners'],
    record: ['expenditure report', 'budget justification', 'performance narrative', 'single audit report', 'match certification', 'conflict-of-interest statement', 'drawdown request'],
    event: ['the award date', 'the end of the performance period', 'the site visit', 'the closing date of the announcement', 'the first drawdown'],
    issue: ['an unallowable travel charge', 'a match that was counted twice', 'an unspent balance at closeout', 'a late audit report', 'a reviewer with an undeclared interest'],
    action: ['reconcile drawdowns with the ledger', 'score the application against the published criteria', 'document the source of the match', 'rebudget between cost categories', 'close the award'],
    measure: ['the share of awards closed on time', 'the average review score', 'the unliquidated balance', 'the number of homes connected', 'the cost per connected address'],
    assets: ['awards', 'applications', 'budget lines', 'equipment purchases', 'progress reports'],
    system: ['the Grants Ledger', 'the award portal', 'the panel workspace'],
    definition: ['"Eligible cost" means a cost that is necessary, reasonable and allocable to the award', '"Match" means the share of project cost that is not borne by Federal funds'],
  },
  procurement: {
    topic: ['simplified acquisitions', 'past performance reviews', 'the cloud hosting recompete', 'small supplier set-asides', 'purchase card oversight', 'contract modifications', 'market research for lab equipment'],
    actor: ['the contractor', 'the contracting officer', 'the offeror', 'the evaluation board', 'the contracting officer\'s representative'],
    people: ['offerors', 'small suppliers', 'cardholders', 'evaluators', 'vendors'],
    record: ['price analysis', 'invoice', 'statement of work', 'quality surveillance plan', 'receiving report', 'sole-source justification', 'past performance questionnaire'],
    event: ['contract award', 'the receipt of a proper invoice', 'the close of the solicitation', 'the end of the option period', 'the debriefing'],
    issue: ['a split purchase above the threshold', 'an invoice without a receiving report', 'an expired option', 'a proposal that arrived after the deadline', 'a protest of the evaluation'],
    action: ['compare the quotes on total price', 'document the trade-off', 'exercise the option', 'reject the nonconforming delivery', 'publish the award notice'],
    measure: ['procurement lead time', 'the share of dollars to small suppliers', 'the invoice rejection rate', 'the number of offers per solicitation', 'interest paid on late invoices'],
    assets: ['solicitations', 'purchase orders', 'task orders', 'vendor records', 'purchase cards'],
    system: ['the Contract Writing System', 'the invoice portal', 'the vendor registry'],
    definition: ['"Proper invoice" means one that carries every element listed in § {section}', '"Nonconforming delivery" means goods or services that do not meet the specification in Section {2-9} of the schedule'],
  },
  permits: {
    topic: ['stormwater discharge permits', 'dredging in shallow channels', 'air emission inventories', 'wetland mitigation credits', 'underground tank closures', 'noise limits near quarries', 'timber road crossings'],
    actor: ['the permit holder', 'the facility operator', 'the permit writer', 'the field inspector', 'the accredited laboratory'],
    people: ['permit holders', 'landowners', 'downstream users', 'operators', 'commenters'],
    record: ['monitoring report', 'sampling log', 'mitigation plan', 'site map', 'spill notification', 'calibration certificate', 'engineer\'s statement'],
    event: ['the discharge', 'the permit\'s effective date', 'the inspection', 'the end of the sampling quarter', 'the public hearing'],
    issue: ['an exceedance of the turbidity limit', 'a broken chain of custody', 'an unreported overflow', 'an expired calibration', 'a culvert that blocks fish passage'],
    action: ['sample the outfall during a qualifying storm', 'repair the sediment basin', 'publish the draft permit for comment', 'split the sample with the state laboratory', 'revise the mitigation plan'],
    measure: ['the quarterly mean of suspended solids', 'the number of open violations', 'the backlog of renewal applications', 'the share of inspections without a finding', 'median days to a draft permit'],
    assets: ['outfalls', 'monitoring wells', 'sediment basins', 'permits', 'stream crossings'],
    system: ['the Permit Tracker', 'the sampling database', 'the public docket'],
    definition: ['"Qualifying storm" means rainfall of at least one half inch after {48-96} dry hours', '"Outfall" means the point where a regulated discharge leaves the site'],
  },
  roads: {
    topic: ['bridge inspection intervals', 'winter maintenance contracts', 'work zone safety', 'oversize load permits', 'rail crossing upgrades', 'the pavement condition survey', 'tunnel ventilation tests'],
    actor: ['the bridge owner', 'the inspection team leader', 'the carrier', 'the district engineer', 'the maintenance contractor'],
    people: ['motorists', 'carriers', 'school districts', 'inspection crews', 'local road agencies'],
    record: ['inspection report', 'load rating', 'traffic count', 'closure notice', 'daily work log', 'scour plan', 'crash summary'],
    event: ['the routine inspection', 'the closure of a lane', 'the first snowfall warning', 'the discovery of a critical finding', 'substantial completion'],
    issue: ['a cracked gusset plate', 'a posted limit that trucks ignore', 'a detour that adds {9-40} minutes for ambulances', 'an unlit work zone', 'a pump that failed during a fire test'],
    action: ['post the reduced load limit', 'close the right lane overnight', 'repeat the underwater inspection', 'move the detour signs', 'grind and seal the joint'],
    measure: ['the average pavement index', 'the number of posted bridges', 'the crash rate per million miles', 'hours to bare pavement', 'the share of crossings with gates'],
    assets: ['culverts', 'bridges', 'signal cabinets', 'guardrails', 'plow routes'],
    system: ['the Bridge Register', 'the road weather network', 'the work order system'],
    definition: ['"Critical finding" means a defect that calls for action to keep the public safe', '"Load rating" means the live load that a bridge can carry, expressed as a factor of the design vehicle'],
  },
  health: {
    topic: ['community clinic staffing', 'vaccine cold storage', 'lead testing of school fountains', 'telehealth in remote counties', 'heat illness surveillance', 'maternal care deserts', 'laboratory turnaround'],
    actor: ['the clinic', 'the laboratory director', 'the county health officer', 'the reporting facility', 'the program nurse'],
    people: ['patients', 'clinic directors', 'school nurses', 'outdoor workers', 'county health officers'],
    record: ['case report', 'temperature log', 'consent form', 'staffing plan', 'test result', 'adverse event report', 'quality improvement plan'],
    event: ['the positive result', 'the clinic visit', 'the temperature excursion', 'the start of the reporting week', 'the site certification'],
    issue: ['a refrigerator that warmed over a weekend', 'a result sent to the wrong clinic', 'a shortage of bilingual intake staff', 'an undercount of heat cases', 'a fountain above the action level'],
    action: ['quarantine the affected doses', 'notify the family by telephone', 'retest the fountain after flushing', 'extend evening hours', 'send the weekly count to the state'],
    measure: ['the no-show rate', 'the share of results returned in {24-72} hours', 'the doses wasted per thousand', 'visits per provider', 'the reporting completeness'],
    assets: ['exam rooms', 'vaccine units', 'mobile vans', 'test kits', 'intake desks'],
    system: ['the Clinic Exchange', 'the surveillance feed', 'the lab portal'],
    definition: ['"Temperature excursion" means any reading outside the range on the label for more than {10-60} minutes', '"Action level" means the concentration at which the outlet must be taken out of service'],
  },
  emergency: {
    topic: ['flood evacuation routes', 'shelter capacity', 'debris removal reimbursement', 'dam safety exercises', 'the wildfire smoke advisory', 'generator loans to nursing homes', 'damage assessment after the hailstorm'],
    actor: ['the incident commander', 'the county emergency manager', 'the shelter operator', 'the dam owner', 'the logistics chief'],
    people: ['residents', 'evacuees', 'shelter volunteers', 'county partners', 'survivors'],
    record: ['situation report', 'damage estimate', 'shelter roster', 'mutual aid agreement', 'exercise evaluation', 'debris ticket', 'resource request'],
    event: ['the declaration', 'the evacuation order', 'the crest of the river', 'the end of the operational period', 'the exercise'],
    issue: ['a siren that did not sound', 'a shelter without accessible showers', 'a shortage of diesel', 'a double-counted debris load', 'a warning that was issued in English only'],
    action: ['open the second shelter', 'stage pumps at the low crossing', 'reconcile debris tickets with scale records', 'translate the warning', 'inspect the spillway at first light'],
    measure: ['the time from warning to first evacuation', 'the number of shelter nights', 'the share of sirens that passed the test', 'generators on loan', 'cubic yards removed'],
    assets: ['pumps', 'cots', 'generators', 'sirens', 'sandbag lines'],
    system: ['the Incident Board', 'the alerting gateway', 'the resource catalog'],
    definition: ['"Operational period" means the {12-24} hours covered by one incident action plan', '"Eligible debris" means debris on public land that is a threat to safety or to property'],
  },
  lands: {
    topic: ['campground reservations', 'grazing allotments', 'trail reconstruction', 'prescribed burns', 'invasive mussel checks', 'the visitor shuttle', 'historic cabin repairs'],
    actor: ['the allotment holder', 'the concessioner', 'the district ranger', 'the burn boss', 'the permitted outfitter'],
    people: ['visitors', 'outfitters', 'ranchers', 'volunteers', 'neighboring landowners'],
    record: ['use permit', 'burn plan', 'visitor count', 'range condition report', 'boat inspection tag', 'trail assessment', 'concession statement'],
    event: ['the opening of the season', 'the burn window', 'the permit hearing', 'the spring range tour', 'the trail closure'],
    issue: ['a washed-out footbridge', 'cattle outside the allotment', 'a double booking of group sites', 'mussels on an uninspected boat', 'smoke that drifted toward the clinic'],
    action: ['close the upper loop', 'move the herd to the north pasture', 'refund the reservation', 'inspect every trailer at the ramp', 'replace the deck boards'],
    measure: ['occupancy of the lower campground', 'acres treated', 'the no-show rate of reservations', 'shuttle boardings per day', 'miles of trail open'],
    assets: ['campsites', 'trail bridges', 'stock tanks', 'boat ramps', 'cabins'],
    system: ['the Reservation Service', 'the trail inventory', 'the fire planning tool'],
    definition: ['"Allotment" means an area of public land designated for the grazing of a set number of animals', '"Prescribed burn" means a fire that is lit on purpose under an approved plan'],
  },
  security: {
    topic: ['phishing-resistant sign-in', 'privileged access reviews', 'patching of internet-facing servers', 'the lost laptop procedure', 'vendor remote access', 'log retention', 'cloud configuration baselines'],
    actor: ['the system owner', 'the service desk', 'the hosting vendor', 'the authorizing official', 'the privileged user'],
    people: ['employees', 'contractors', 'system owners', 'remote staff', 'administrators'],
    record: ['access review', 'risk acceptance', 'incident ticket', 'configuration baseline', 'vulnerability scan', 'continuity plan', 'media disposal form'],
    event: ['the discovery of an incident', 'an employee\'s last day', 'the release of a critical patch', 'the annual assessment', 'a change of vendor'],
    issue: ['an account that outlived its owner by {3-15} months', 'a storage bucket open to the internet', 'a certificate that expired on a Sunday', 'a phishing message that {4-40} people answered', 'a backup that could not be restored'],
    action: ['revoke the unused tokens', 'enroll a second security key', 'restore the database from the nightly copy', 'isolate the affected host', 'rotate the service credentials'],
    measure: ['the time to patch critical flaws', 'the share of staff with security keys', 'open risk acceptances', 'the reporting rate of test phishing', 'restore time'],
    assets: ['laptops', 'service accounts', 'firewall rules', 'certificates', 'log sources'],
    system: ['the Identity Hub', 'the log archive', 'the patch console'],
    definition: ['"Privileged user" means anyone who can change the security settings of a system', '"Incident" means an event that threatens the confidentiality, integrity or availability of agency information'],
  },
  records: {
    topic: ['public records requests', 'retention schedules', 'redaction of personal information', 'digitization of land deeds', 'email preservation', 'fee waivers for journalists', 'the reading room'],
    actor: ['the requester', 'the records officer', 'the disclosure analyst', 'the custodian', 'the reviewing attorney'],
    people: ['requesters', 'custodians', 'researchers', 'journalists', 'analysts'],
    record: ['search certification', 'exemption log', 'fee estimate', 'transfer form', 'retention schedule', 'redacted copy', 'consultation memo'],
    event: ['the receipt of a perfected request', 'the final response', 'the end of the retention period', 'the consultation with another agency', 'the appeal decision'],
    issue: ['a search that missed shared mailboxes', 'a redaction that could be lifted', 'a fee letter sent after the deadline', 'boxes stored without an index', 'an exemption cited without a reason'],
    action: ['narrow the request with the requester', 'search the shared drive by custodian', 'segregate and release the factual portions', 'log each withheld page', 'transfer the series to the archive'],
    measure: ['the backlog of requests older than {20-200} days', 'pages reviewed per week', 'the share of full grants', 'the average fee', 'the appeal reversal rate'],
    assets: ['boxes', 'mailboxes', 'reading room terminals', 'microfilm reels', 'request files'],
    system: ['the Request Tracker', 'the redaction tool', 'the electronic archive'],
    definition: ['"Perfected request" means one that reasonably describes the records and settles the question of fees', '"Custodian" means the office that keeps the record in the ordinary course of business'],
  },
};

export const domainNames = Object.keys(domains);

/** A voice that speaks about one domain; `rules` are added in front of the vocabulary. */
export function voiceOf(seed: string, domain: string, rules: Rules = {}): Voice {
  const words = domains[domain];
  if (words === undefined) throw new Error(`no domain named "${domain}"; there are ${domainNames.join(', ')}`);
  // A domain's definitions join the general ones; every other rule of a domain replaces.
  const definition = [...(words.definition ?? []), ...(general.definition ?? [])];
  return new Voice(randomOf(seed), [rules, { ...words, definition }, general], makers);
}
