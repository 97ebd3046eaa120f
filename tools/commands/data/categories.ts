import type { DocumentKind } from './documents';

export interface Category {
  name: string;
  /** Complete prompts, as people type them. */
  short: readonly string[];
  /** What is asked about a quoted document. */
  asks: readonly { ask: string; of: DocumentKind }[];
}

export const categories: readonly Category[] = [
  {
    name: 'summarise',
    short: [
      'Summarize in two sentences: The ferry terminal at {city} will close to vehicles from {date} while the loading ramp is replaced. Foot passengers may still board. A free shuttle runs every {20-40} minutes from the lot on Canal Street.',
      'Give me one headline, under ten words, for this note: "{^finding}, and {unit} has asked for a plan by {later}."',
      'TL;DR please: The budget division moved {money} from travel to software licenses. Three offices objected. The deputy director approved it for one year only, with a review in {month}.',
      'What is the single most important point here? "{^actor} must file {a record} {within}. Late filings are returned unopened, {unless}."',
      'Condense to three bullets for a director who has one minute: we tested {12-90} {assets}; {3-9} failed; {cause}; {remedy}.',
      'Summarize the change: the comment period was {30-45} days and is now {60-90} days, and comments by text message are accepted for the first time.',
      'Write a one-line calendar description for a meeting about {topic} where we must decide whether to {action}.',
      'Summarize this voicemail for the case file: "Hi, this is {person}, I am calling again about my {record}. I sent it on {date}. Your system says it is missing. Please call me before {time}, thanks."',
      'In plain words, what happened? "0{6-9}:{10-59} {system} down. 1{0-1}:{10-59} failover tried, no effect. 1{2-4}:{10-59} root cause: {issue}. 1{5-8}:{10-59} all clear."',
      'Shorten to at most 25 words without losing the date or the amount: "Please be advised that, pursuant to the aforementioned notice, the amount of {money} is now due and payable on or before {date}."',
    ],
    asks: [
      {
        ask: 'Summarize the proposed rule below for a small business owner in at most 150 words. Say what changes, when, and what they must do.',
        of: 'regulation',
      },
      {
        ask: 'Write an executive summary of these meeting notes: decisions first, then open questions, then who owes what by when.',
        of: 'minutes',
      },
      {
        ask: 'Summarize this incident for the inspector general: what happened, who was affected, the cause, and what is still unknown.',
        of: 'incident',
      },
      {
        ask: 'Turn this audit report into five bullets for a committee hearing. Keep every number you use exact.',
        of: 'audit',
      },
      {
        ask: 'Summarize the letter below in three sentences for the person who has to answer it, and list each question it asks.',
        of: 'letter',
      },
      {
        ask: 'Summarize the main themes in these messages from the public, with a rough count for each theme.',
        of: 'messages',
      },
    ],
  },
  {
    name: 'draft',
    short: [
      'Draft a two-sentence out-of-office message for {a role} who is at a hearing in {city} until {later}. Urgent matters go to {phone}.',
      'Write a short, warm thank-you note to the volunteers who helped to {action} in {city} last {month}.',
      'Draft an email that asks {unit} for {a record} by {later}. Polite, firm, under 80 words.',
      'Write a press release headline and first paragraph: the {bureau} opens a new service counter in {city} on {later}.',
      'Draft the acknowledgment letter for FOIA request {docket}, received {date}. We need ten more working days because of unusual circumstances: records have to be collected from {city}.',
      'Write a text message of at most 160 characters that tells {people} that the office in {city} is closed today because of snow.',
      'Draft a memo subject line and purpose statement on {topic} for the director.',
      'Write three versions of a sign for a service counter that asks visitors to have {a record} ready.',
      'Draft a reply to a reporter who asks about {issue}. We can confirm it, are looking into it, and will have an answer by {later}. Do not speculate.',
      'Write a job posting summary (60 words) for {a role} in {city}. Grade 12, hybrid, travel up to {10-30} percent.',
    ],
    asks: [
      {
        ask: 'Draft a reply to the letter below. Be courteous, answer every question that can be answered from the letter itself, say what we still need, and avoid jargon.',
        of: 'letter',
      },
      {
        ask: 'Using the incident record below, draft a notice to the people affected. No blame, no technical terms, and a clear next step.',
        of: 'incident',
      },
      {
        ask: 'Draft a decision memo for the director from these notes: background, options, recommendation, and risks, on one page.',
        of: 'minutes',
      },
      {
        ask: 'Draft a press release about the proposed rule below, with one quote from a fictional spokesperson and a line on how to comment.',
        of: 'regulation',
      },
      {
        ask: 'Draft the management response to this audit, accepting each recommendation with a date, or explaining why not.',
        of: 'audit',
      },
      {
        ask: 'Draft a cover letter that sends this statement of work to possible offerors and points out the three terms they are likely to ask about.',
        of: 'contract',
      },
    ],
  },
  {
    name: 'question-answering',
    short: [
      'Text: "{^actor} must file {a record} {within}, {unless}." Question: who has to file, and is there any exception?',
      'From this sentence only, what is the deadline? "Objections to the draft permit for {city} are accepted until {time} on {date}, Eastern time."',
      'Does the text allow email? "Requests may be delivered by hand or sent by registered mail." Answer yes or no, then quote the words you rely on.',
      'Context: the fee is {money}; veterans pay half; children under {6-12} pay nothing. How much for two adults, one of them a veteran, and one child aged four?',
      'What does "calendar day" mean as opposed to "business day" when a notice gives ten of them? Use a notice dated {date} as the example.',
      'Which office do I contact, according to this? "Questions on {topic} go to {unit}; questions on payment go to {phone}."',
      'Answer from the text, or say that it does not tell: "The bridge is posted at {8-20} tons. School buses are exempt on weekdays." May a {9-24}-ton delivery truck cross on a Saturday?',
      'If a grant runs from {date} for eighteen months and the final report is due 120 days after the end, when is it due? Show the steps.',
      'Based on "{^measure} was {10-40} percent in {month} and {41-80} percent a year later", can one say that it doubled? Explain in one sentence.',
      'According to this rule, is a photocopy enough? "An original or certified copy of {a record} is required; a plain copy is accepted only when {unit} holds the original."',
    ],
    asks: [
      {
        ask: 'Answer from the regulation below and cite the section for each answer. 1) What must be filed, and when? 2) Who decides an appeal? 3) How long are records kept? If the text does not tell, say so.',
        of: 'regulation',
      },
      {
        ask: 'Read the notes and answer: which decisions were made, who owes something, and what was left open? Quote the sentence that supports each answer.',
        of: 'minutes',
      },
      {
        ask: 'According to the incident record, when was the problem first noticed, and how long was it until the first corrective step? Show the times you used.',
        of: 'incident',
      },
      {
        ask: 'Can the Government reduce a payment under this statement of work, and in which cases? Cite the numbered part.',
        of: 'contract',
      },
      {
        ask: 'Which findings did management not fully agree with, and on what ground? Answer only from the report.',
        of: 'audit',
      },
      {
        ask: 'A new employee asks: "Do I need approval, and from whom?" Answer from this policy, item by item.',
        of: 'policy',
      },
    ],
  },
  {
    name: 'extraction',
    short: [
      'Extract date, time and place as JSON: "The hearing on {topic} is on {date} at {time} in the library of {city}."',
      'Return JSON with the keys name, role, phone: "Please call {person}, our {role}, at {phone}."',
      'List every dollar amount in this text as an array of integers: "The task is worth {costs} is travel and the rest is equipment."',
      'Pull the docket number and the deadline out of: "Comments on docket {docket} close {date}; late comments are kept but not considered." JSON only.',
      'Extract all deadlines as ISO 8601 dates: file by {date}, amend by {date}, appeal by {later}.',
      'Which organizations are named here? Answer with a JSON array. "The {bureau} and the {bureau} signed an agreement with {county} on {date}."',
      'Parse this address into street, city, state, zip; use null where unknown: "{12-980} Orchard Street, {city}".',
      'From "{ticket}: {issue}, reported by {person} at {time}", give JSON with id, problem, reporter, time.',
      'Extract each obligation as an object with who, what and when: "{^actor} must {action} {within}; {unit} must answer in {5-30} days."',
      'Turn this line into a CSV row with the columns date, site, reading, unit: "On {isodate} the well at {city} read {2-40}.{1-9} milligrams per liter."',
    ],
    asks: [
      {
        ask: 'Extract every obligation in the regulation below to a JSON array of objects with the keys section, actor, duty, deadline, exception (null where there is none). Return JSON only.',
        of: 'regulation',
      },
      {
        ask: 'Extract the action items as JSON: [{"owner": "", "task": "", "due": "YYYY-MM-DD"}]. No other text.',
        of: 'minutes',
      },
      {
        ask: 'Build a JSON timeline from this incident record with the keys time, actor, event. Keep the order; do not merge entries.',
        of: 'incident',
      },
      {
        ask: 'Extract sender, addressee, date, every reference number, every amount and every question from the letter, as one JSON object.',
        of: 'letter',
      },
      {
        ask: 'For each message return a JSON object on a line of its own: number, date, channel, city, amounts, dates mentioned.',
        of: 'messages',
      },
      {
        ask: 'List every amount of money and every time limit in this statement of work, with the part it stands in, as a JSON array.',
        of: 'contract',
      },
    ],
  },
  {
    name: 'classification',
    short: [
      'Is this a complaint, a question, a compliment or spam? One word. "{message}"',
      'Classify the urgency (low, medium, high) and give the reason in five words: "{issue}, near {city}."',
      'Which team should get this: billing, records, field operations, legal? "{message}"',
      'Does this message hold personal information that must be redacted before release? Yes or no, and which words. "{person}, {12-980} Canal Street, asked about {topic} on {date}."',
      'Sentiment on a scale from -2 to 2, number only: "{message}"',
      'Label each as fact or opinion: (1) {finding}. (2) The deadline is unfair. (3) {effect}. (4) Someone should {remedy}.',
      'Pick one retention category (temporary 3 years, temporary 7 years, permanent) for {a record} and explain in a sentence.',
      'Is this phishing? "Dear user, your {record} expires today. Confirm your password at benefits-example.org within {2-12} hours." Answer with likely or unlikely and two signs.',
      'What language is this, and does it ask for an appointment? "Necesito cambiar mi cita del {2-28} de marzo porque trabajo ese día. ¿Hay otra hora por la tarde?"',
      'Sort into support, oppose or neutral toward the proposal: "{message}"',
    ],
    asks: [
      {
        ask: 'Classify each message: topic (payment, status, access, complaint, comment, fraud, praise), urgency (1-3), and the language of the answer that is wanted. Return a table.',
        of: 'messages',
      },
      {
        ask: 'For each message from the public below decide whether it supports the proposal, opposes it, or does not concern it. Give a confidence between 0 and 1.',
        of: 'messages',
      },
      {
        ask: 'Label every numbered section of this rule as definition, duty, right, procedure, penalty or exception. More than one label is possible.',
        of: 'regulation',
      },
      {
        ask: 'Rate each audit finding as minor, moderate or material, and justify the rating in one sentence that cites a number.',
        of: 'audit',
      },
      { ask: 'Tag each log line as normal, suspicious or failure, and group the failures by likely cause.', of: 'log' },
      {
        ask: 'Which of these timeline entries show a human error, a technical fault, or a gap in procedure? Use one label an entry.',
        of: 'incident',
      },
    ],
  },
  {
    name: 'code',
    short: [
      'Write a SQL query that returns the ten offices with the most open cases. Tables: cases(id, office_id, opened_on, closed_on), offices(id, name).',
      'What is wrong here? `SELECT office_id, COUNT(*) FROM filings WHERE status = NULL GROUP BY office_id;`',
      'Write a Python function that turns "{date}" into ISO 8601, without any library outside the standard one.',
      'Regular expression for a docket number such as {docket}: three capital letters, a year, four digits. Reject years before 2000.',
      'Convert to TypeScript with types: function total(rows) { return rows.reduce((s, r) => s + r.amount, 0); }',
      'Excel: column B holds dates of receipt, column C dates of decision, some empty. A formula for the median number of working days, please.',
      'Explain this shell line to a new analyst: zcat access.log.gz | awk \'$9 >= 500\' | cut -d" " -f7 | sort | uniq -c | sort -rn | head',
      "How do I make this query use an index? SELECT * FROM payments WHERE YEAR(paid_on) = {2023-2026} AND county = '{county}';",
      'Write a unit test in pytest for add_business_days(start, n) that covers a weekend, a holiday and n = 0.',
      'My cron entry is `0 2 * * 1-5 /opt/export/run.sh` and I expected it to run on Sunday night. When does it run, and how do I change it?',
    ],
    asks: [
      {
        ask: 'Find the first failure in this log, explain the chain of events that follows it, and suggest what to look at next. Cite timestamps.',
        of: 'log',
      },
      {
        ask: 'Write a Python script that parses a log in this format and prints, for each service, the number of errors and the 95th percentile of duration_ms. The sample:',
        of: 'log',
      },
      {
        ask: 'Write a PostgreSQL schema for the CSV below, with types, keys and check constraints, then the COPY command that loads it, and a query for the five worst counties by backlog.',
        of: 'table',
      },
      {
        ask: 'Write a pandas program that reads this CSV, fills no gaps silently, reports missing values, and draws the quarterly trend for each county:',
        of: 'table',
      },
      {
        ask: 'Write a JSON Schema for the records that one would extract from these messages, and a TypeScript type that matches it.',
        of: 'messages',
      },
      {
        ask: 'Turn these rules into a decision function in TypeScript with the inputs it needs, and list every point where the text is too vague to be coded.',
        of: 'policy',
      },
    ],
  },
  {
    name: 'translation',
    short: [
      'Translate into Spanish, formal address: "Your {record} was received on {date}. You do not need to do anything now."',
      'Translate into plain English: "Estimado señor: le informamos que su solicitud fue recibida, pero falta la firma de la segunda página. Puede enviarla por correo o traerla a la oficina de {city}."',
      'Traduce al inglés: "El puente estará cerrado al tráfico pesado desde el {2-28} de mayo. Los autobuses escolares podrán pasar con permiso."',
      'Translate to Vietnamese and keep the telephone number as it is: "Call {phone} before {time} for a free interpreter."',
      '请把下面这句话翻译成英文:"请在{2-28}日之前把收入证明寄到我们办公室,逾期申请将被退回。"',
      'Übersetze ins Englische: "Der Antrag ist innerhalb von {14-60} Tagen nach Zustellung des Bescheids bei der zuständigen Stelle einzureichen."',
      'Traduisez en anglais, style administratif simple : « Le centre d’accueil ouvre à {7-9} h. Apportez une pièce d’identité et une preuve de domicile. »',
      'Translate into Tagalog: "The shelter at the school in {city} has beds, food and a place for pets."',
      '다음 문장을 영어로 번역해 주세요: "신청서를 제출한 후 {10-30}일 이내에 결과를 우편으로 알려 드립니다."',
      'Translate into Brazilian Portuguese for a poster: "Free {topic} advice, every {Monday|Tuesday|Thursday} at {time}, no appointment needed."',
    ],
    asks: [
      {
        ask: 'Translate the letter below into Spanish, in the formal register, and keep names, numbers and dates unchanged.',
        of: 'letter',
      },
      {
        ask: 'Translate this notice of a proposed rule into French. Keep section numbers and add a glossary of five legal terms at the end.',
        of: 'regulation',
      },
      {
        ask: 'Translate each message into Vietnamese and keep the number in brackets, so that answers can be matched.',
        of: 'messages',
      },
      {
        ask: 'Translate the policy into Simplified Chinese for a staff handbook. Mark every sentence that has no exact equivalent.',
        of: 'policy',
      },
      {
        ask: 'Translate this incident summary into Brazilian Portuguese for a partner agency; leave times in 24-hour form.',
        of: 'incident',
      },
      { ask: 'Translate the meeting notes into Korean. Leave personal names in Latin letters.', of: 'minutes' },
    ],
  },
  {
    name: 'policy-comparison',
    short: [
      'Policy A: answers in {5-10} business days. Policy B: answers in {12-16} calendar days. Which one is faster for a request received on a Friday?',
      'Old rule: "{^actor} may {action}." New rule: "{^actor} must {action}." What changes in practice?',
      'Compare "shall make reasonable efforts" with "shall make best efforts" in a Federal contract. Three sentences.',
      'What is the difference between a regulation, a guidance document and a standard operating procedure? One line each, with an example from {topic}.',
      'Two offices keep {a record} for {3-5} and {6-10} years. Give two reasons for each choice.',
      'Version 1 says {within}; version 2 says {within}. Do they conflict for {event}?',
      'Contrast telework and remote work for {a role} in {city}: duty station, travel pay, locality pay.',
      'Which clause is stricter, and for whom? (a) Approval above {money}. (b) Approval for every purchase of {assets}.',
      'List what this redline removes: "The agency [will] -> [may] publish {measure} each [month] -> [quarter]."',
      'Compare a purchase card, a purchase order and a blanket purchase agreement for buying {assets} worth {money}.',
    ],
    asks: [
      {
        ask: 'Compare the two policies below, subject by subject, in a table: what A says, what B says, and which is stricter. Then name the conflicts that would matter to staff who work under both.',
        of: 'policies',
      },
      {
        ask: 'We have to merge these two policies. Propose one text for each subject and say which side gives something up.',
        of: 'policies',
      },
      {
        ask: 'Find every difference in a number, a deadline or an approving official between version A and version B. Ignore differences of style.',
        of: 'policies',
      },
      {
        ask: 'A contractor is bound by both versions below. For each subject state what it must do to comply with both, or that this is impossible.',
        of: 'policies',
      },
      {
        ask: 'Check this policy for contradictions within itself, and compare its time limits with one another.',
        of: 'policy',
      },
    ],
  },
  {
    name: 'data-analysis',
    short: [
      'Received: {200-900} in {month}, {200-900} in the month after, {200-900} in the third. What is the average, and is there a trend worth mentioning?',
      'Office A closed {40-90} of {91-160} cases, office B {200-380} of {381-700}. Which has the better rate, and is the difference large enough to act on?',
      'Rank these by cost per unit: {assets} {money} for {3-40}; {assets} {money} for {3-40}; {assets} {money} for {3-40}.',
      'Our median wait is {9-20} minutes and our mean is {25-60}. What does that say about the distribution?',
      'q1 {100-400}, q2 {100-400}, q3 {100-400}, q4 {100-400}: give the year-over-quarter change in percent, one decimal.',
      'If {12-40} of {400-900} sampled files have an error, what is the error rate with a 95 percent confidence interval?',
      'The table has 3 counties, {2-9} missing values and two duplicates. Which checks do I run before I publish {measure}?',
      'Spending was {money} against a plan of {money}. Express the variance in dollars and percent, and say which is more useful here.',
      'Is this correlation or causation? "{^measure} fell in the year after we began to {action}."',
      'Suggest the right chart for {measure} by county over {3-8} years, and one chart that would mislead.',
    ],
    asks: [
      {
        ask: 'Analyze the table: which county stands out, which quarter, and what is missing? Give three findings with the numbers behind them.',
        of: 'table',
      },
      {
        ask: 'Compute the backlog (opened minus closed) for each county and the total. Point out negative values and say what may explain them.',
        of: 'table',
      },
      {
        ask: 'Write two paragraphs for the annual report from the data below. Every claim needs a number; note missing values openly.',
        of: 'table',
      },
      {
        ask: 'Check this extract for data quality problems: gaps, impossible values, outliers, duplicates. List row and column.',
        of: 'table',
      },
      {
        ask: 'Which county has the highest cost for each closed case, and how stable is that over the quarters? Show the calculation for the top two.',
        of: 'table',
      },
      {
        ask: 'From the log extract below, estimate the error share for each service and the slowest operation. Say how far the sample can be trusted.',
        of: 'log',
      },
    ],
  },
  {
    name: 'plain-language',
    short: [
      'Rewrite in plain language: "Failure to effectuate submission of the requisite documentation shall result in the termination of benefits."',
      'Make this active: "It was determined by {unit} that {a record} had not been provided."',
      'Rewrite for a sixth-grade reading level: "{^actor} must {action} {within}, {unless}."',
      'Replace the jargon: "We will leverage cross-cutting synergies to operationalize {topic}."',
      'Split this into sentences of at most 15 words: "Because {cause}, and since {effect}, {unit} has, after consultation, decided to {remedy}."',
      'Turn this into a polite question that a person would understand: "Provide {a record}, Form {100-990}, Part {2-9}, in duplicate."',
      'Rewrite without double negatives: "It is not unlikely that {people} will not be unaffected by {issue}."',
      'Suggest a friendlier error message for: "ERR-{100-990}: invalid {record} payload."',
      'Replace "pursuant to", "heretofore", "in the event that" and "commence" in: "In the event that you commence work pursuant to permit {docket}, all sums heretofore waived are due."',
      'Write a plain heading for a web page on {topic}, and one sentence below it that tells {people} what they can do there.',
    ],
    asks: [
      {
        ask: 'Rewrite this regulation in plain language with questions as headings ("When must I file?"). Keep every deadline and amount, and keep the section numbers in parentheses.',
        of: 'regulation',
      },
      {
        ask: 'Rewrite these policy rules as a one-page guide for new staff: short sentences, active voice, "you" for the reader.',
        of: 'policy',
      },
      {
        ask: 'Explain this statement of work to a company that has never worked for the Government: what it would do, when it is paid, and what can go wrong.',
        of: 'contract',
      },
      {
        ask: 'Rewrite the findings so that a county resident understands them. Explain any term an auditor uses. No more than {10-14} words a sentence on average.',
        of: 'audit',
      },
      {
        ask: 'Rewrite the incident record as a short story of what happened, in the order of time, for people without technical knowledge.',
        of: 'incident',
      },
    ],
  },
  {
    name: 'citizen-question',
    short: [
      'Hi, do I need an appointment to drop off my {record} at the {city} office?',
      'My {mother|father|grandmother} gets a letter every {month} and does not understand it. Can I call for her, or does she have to give permission first?',
      'how long does it take usually to hear back about {topic}, its been {3-12} weeks already',
      'I moved from {city} to {city}. Which office has my file now?',
      'What is the difference between an appeal and a request to look at the decision again? I got a no on {date}.',
      'I lost the letter with my number on it. Can you still find my case with my name and date of birth?',
      'Someone called from {phone} and asked for my bank details to {action}. Is that you?',
      'Is there help for people who cannot use a computer? I do not have internet at home.',
      'Can I pay {money} in installments, and will there be interest?',
      '¿Puedo presentar el formulario en español y quién me ayuda a llenarlo en {city}?',
    ],
    asks: [
      {
        ask: 'I copied the letter I want to send to your office. Is anything missing, and what would you answer me?',
        of: 'letter',
      },
      {
        ask: 'I run a small shop and got this rule in the mail. What do I have to do, what does it cost me, and what happens if I do nothing?',
        of: 'regulation',
      },
      {
        ask: 'My employer says this policy forbids what I did. Please explain what it says about deadlines and approvals, in simple words.',
        of: 'policy',
      },
      {
        ask: 'These are the questions people in our neighborhood group sent in. Please answer the ones you can and say where we should go with the rest.',
        of: 'messages',
      },
      {
        ask: 'I was at this public meeting and did not follow all of it. What was decided, and how can a resident still have a say?',
        of: 'minutes',
      },
      {
        ask: 'The county published this audit. Should I be worried as a resident, and which questions should I ask at the next meeting?',
        of: 'audit',
      },
    ],
  },
];
