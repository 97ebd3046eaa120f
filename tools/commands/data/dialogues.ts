/**
 * One exchange: what the user asks and what the assistant answers; `follows` when it makes sense only after the one
 * before.
 */
export type Exchange = readonly [user: string, assistant: string, follows?: 'follows'];

export interface Scenario {
  name: string;
  domain: string;
  system: string;
  /** The conversation starts here, in this order. */
  opening: readonly Exchange[];
  /** Then some of these, in an order of their own in every conversation. */
  middle: readonly Exchange[];
  /** The last message, without an answer: this is what the model has to answer. */
  last: readonly string[];
}

export const scenarios: readonly Scenario[] = [
  {
    name: 'benefits-helpdesk',
    domain: 'benefits',
    system:
      'You help residents with energy and income benefits at the {@bureau}. Be patient, use plain words, never promise an outcome, and never ask for a full Social Security number.',
    opening: [
      [
        'Hello, I got a letter about my {@record} and I am not sure what it wants from me.',
        'I can help with that. A letter about a missing {@record} usually means that the file cannot be decided yet. Does the letter show a date by which you must answer, and a case number that starts with two letters?',
      ],
      [
        'Yes, it says {@later.due}, case {@ticket}. I sent the paper weeks ago, on {date}.',
        'Thank you. If it was sent on that date, it may have been received but not matched to case {@ticket}. Please keep your copy or receipt. You can send it again before {@later.due} without losing your place.',
      ],
      [
        'How do I send it again? The website did not take it last time.',
        'There are three ways: through {@system} as a PDF or photo under 10 MB, by mail with the case number on every page, or in person in {@city}. If you go in person, ask for a stamped copy.',
      ],
    ],
    middle: [
      [
        'What if my income changed in {month}? I get about {money} less now.',
        'Report the change even though the form is still open. The amount is computed from the month of the change, so a drop of that size can matter. A pay stub or a short letter from the employer is enough.',
      ],
      [
        'My {son|daughter|nephew} moved back in. Does that count?',
        'It can. A household is everyone who lives together and buys and prepares food together. If you share meals, add them with their date of birth and any income. If they only rent a room, say so, and they are counted apart.',
      ],
      [
        'They want {money} back that I already spent. Do I have to pay?',
        'Not at once. You have three choices: agree and ask for installments, say that the amount is wrong, or ask for a waiver because you were not at fault and cannot afford it. While a waiver is pending, recovery normally stops.',
      ],
      [
        'Can my neighbor, {Ms.|Mr.} {@surname.neighbor}, talk to you for me?',
        'Yes, once you have signed the form that names a representative. Until then, we can explain rules to {@surname.neighbor} in general but cannot discuss your case.',
      ],
      [
        'I am afraid the power gets shut off before this is decided.',
        'Tell the office today that you have a shutoff notice and give them its date. There is an emergency path that takes {2-4} business days, and the utility often waits when it hears that a claim is open.',
      ],
      [
        'What happens at the interview?',
        'It takes about {20-40} minutes by telephone. They go through who lives with you, income, rent and energy costs. Have {a record} at hand. If you miss the call, you may ask for another time once without a reason.',
      ],
      [
        'Is there an age limit, or an extra amount for older people?',
        'There is no upper limit. Households with someone over sixty, a child under six or a person with a disability are taken first, and the deduction for medical costs above {$35|$50} applies to them.',
      ],
      [
        'They spelled my name wrong, {surname} instead of {surname}. Is this why it went missing?',
        'Quite possibly. A scan under another spelling goes to a queue for unmatched papers. Ask the office to search that queue for both spellings and to correct the name in the file.',
      ],
      [
        'Do I pay tax on this money?',
        'Assistance based on need is generally not counted as income for Federal tax. Keep the notice with your papers; for your own case a free tax clinic can confirm it.',
      ],
    ],
    last: [
      'OK. Can you put in one list what I do this week, with dates?',
      'If they say no anyway, what would my appeal need to contain?',
      'Could you write the short letter that I should put on top of the papers?',
    ],
  },
  {
    name: 'it-support',
    domain: 'security',
    system:
      'You are the IT service desk of the {@bureau}. Ask for one thing at a time. Never ask for a password. Open a ticket when a step fails twice.',
    opening: [
      [
        'I cannot sign in since this morning. It says my security key is not recognized.',
        'Sorry about that. Is it the same key that you used yesterday, and does its light blink when you plug it in?',
      ],
      [
        'Same key, it blinks once. I am in the {@city} office today, not at home.',
        'Good, so the key works. The message usually comes from the browser, or from an enrollment that expired. Please open a private window, go to {@system}, and try once. Which error number do you see?',
      ],
      [
        'Private window gives error {AUTH|KEY|SSO}-{100-990}.',
        'That number means that the enrollment is older than {180-365} days and was suspended. I can send a renewal to your supervisor. Who is it?',
      ],
    ],
    middle: [
      [
        'My supervisor is {Ms.|Mr.} {@surname.boss}, who is on leave.',
        'Then the deputy of {@surname.boss} can approve. I have sent the request under ticket {ticket}; they have a link that is valid for {2-8} hours.',
        'follows',
      ],
      [
        'Meanwhile the VPN drops every {5-20} minutes. Is this related?',
        'Probably not. Drops at a regular interval point to the lease time of the network. Please tell me whether it happens on cable too, and whether the clock of the laptop is right.',
      ],
      [
        'On cable it is stable. On wireless it drops again.',
        'Then the wireless adapter is put to sleep. In the power settings, turn off "allow the computer to turn off this device". The driver from {month} has the same flaw; I have queued an update for tonight.',
        'follows',
      ],
      [
        'I also got an email that asks me to confirm {a record}. Should I click?',
        'Please do not. Use the report button. We have {4-60} reports of the same message today. If you have typed anything into the page, tell me now, so that we can end your sessions.',
      ],
      [
        'I did type my user name, but not the password.',
        'Thank you for saying so. A user name alone does not let anyone in. I have set a watch on the account for {7-30} days, and you may get one more sign-in prompt than usual.',
        'follows',
      ],
      [
        'Can I use my own phone for the second factor until this is fixed?',
        "Only with the agency's app, after it is enrolled, and not for {system}. A temporary access pass is quicker: it lasts {4-12} hours, and you pick it up in person.",
      ],
      [
        'A folder that I shared with {unit} is gone.',
        'It is in the recycle bin of the site and will stay there for {30-93} days. {person} deleted it on {date}. Shall I restore it to the same place or to a new one?',
      ],
      [
        'The printer on the {second|third|fourth} floor prints only blank pages.',
        'It has a queue of {12-60} jobs in a format that it does not know. I have cleared the queue. Please send one page as PDF and tell me the result.',
      ],
      [
        'My laptop says that the disk is full, but I have hardly any files.',
        'The log folder of the sync program holds {20-90} GB. It is safe to delete what is older than a week. I can do that remotely if you accept the prompt.',
      ],
    ],
    last: [
      'I have to present in ten minutes. What are my options for the next two hours?',
      'Please sum up what you changed today so that I can tell my team.',
      'Before we close: how do I keep the key from expiring again?',
    ],
  },
  {
    name: 'procurement-advice',
    domain: 'procurement',
    system:
      'You advise contracting staff of the {@bureau}. Cite the rule by name when you are sure and say so when you are not. You do not decide; the contracting officer does.',
    opening: [
      [
        'We need {20-120} {@assets} migrated to a new system by {@later.end}. I think it is about {@money.est}. Where do I start?',
        'Start with the need in one paragraph, without a product name, and with market research. The estimate of {@money.est} decides which procedure applies, so note how you got it.',
      ],
      [
        'I called two vendors, both gave me a number over the telephone.',
        'That counts as market research if you write down who said what and when. Two calls are thin, though. Add a search of {@system} and of existing agreements that other agencies use.',
      ],
      [
        'There is an agreement we could order from, but it ends in {month}.',
        'An order may usually run past the end of the agreement if it is placed before. Check the clause on the ordering period, and whether {@assets} are in its scope at all.',
      ],
    ],
    middle: [
      [
        'Can we name the brand? Staff know that product.',
        'Only with a justification that explains why nothing else meets the need. "Brand name or equal" with the salient features is easier to defend, and you can give credit for a lower training cost.',
      ],
      [
        '{person} says we should split it in two so that each half stays under the threshold.',
        'Please do not. Splitting a known requirement to stay below a threshold is not allowed, and auditors look for it. Two lots for a technical reason are another matter, but the total still counts.',
      ],
      [
        'Which evaluation factors would you use?',
        'Few. Technical approach, relevant past performance, and price. State their relative weight. A factor that you will not use to tell the offers apart should not be there.',
      ],
      [
        'An offer came in {3-50} minutes late because of a power cut.',
        'A late offer is normally not considered. The exceptions are narrow: it was under Government control in time, or it was sent electronically and received at the first point of entry by the day before. Write a memo for the file in either case.',
      ],
      [
        'The lowest price is {money}, half of the others. Is it too good?',
        'Ask whether the offeror understood the work. For a fixed price you may check realism only if the solicitation said so. Otherwise it is a question of responsibility: can they perform at that price?',
      ],
      [
        'How do I set up acceptance so that we do not pay for nothing?',
        'Tie each payment to something you can inspect: {a record}, a test with {10-40} cases, and {30-90} days of stable operation. Name the person who inspects.',
      ],
      [
        'A vendor asks for a debriefing. What may I tell?',
        'Their own strengths and weaknesses, the ratings and price of the winner, and the reasons for the decision. No point-by-point comparison with other offers, and no trade secrets.',
      ],
      [
        'We got a protest this morning, number {docket}.',
        'Tell counsel and the {role} within the hour. If it came within ten days of award or five of a required debriefing, performance is normally suspended. Do not write to the awardee before counsel has seen the text.',
      ],
      [
        'The contractor wants {money} more because of {cause}.',
        "Ask for a written request with a breakdown and the clause it relies on. If the Government caused the change, an adjustment may be due; if it is the contractor's risk, it is not. Do not agree orally.",
      ],
    ],
    last: [
      'Draft the outline of the acquisition plan with what we have discussed.',
      'Which of these steps can I do in parallel if I want an award in {month}?',
      'Please write the paragraph on market research for the file.',
    ],
  },
  {
    name: 'grant-review',
    domain: 'grants',
    system:
      'You support review panels of the {@bureau}. Summarize and question, but leave scores to the reviewers. Treat applicant data as confidential.',
    opening: [
      [
        'I am reviewing application {@docket} from {@county}: {count} homes, {@money.ask}. What should I look at first?',
        'First whether it is complete and eligible: {a record}, the match, and the service area. Then whether the {@money.ask} buys what the narrative promises. Cost per connected home is a good first number.',
      ],
      [
        'The match is {10-30} percent, half of it in kind: land and staff time.',
        'In-kind match is fine if it is valued at cost or fair market value and was not used for another award. Look for an appraisal of the land and a rate for the staff.',
      ],
      [
        'No appraisal, just a letter from {person}.',
        'Then it is a weakness, not a bar. You can note it as a condition: appraisal before the first drawdown. Keep the score to what the criteria say.',
      ],
    ],
    middle: [
      [
        'The schedule says that permits take {6-10} weeks. Is this realistic?',
        'Where a stream or a railroad is crossed, several months are common. Ask whether the route was surveyed, and whether the {@county} road office has been contacted.',
      ],
      [
        'The budget has {money} for travel. That looks high.',
        'Compare it with the number of site visits in the narrative. Travel that is not tied to a task is a question for the applicant, and conference travel must be allowable under the announcement.',
      ],
      [
        'They use an indirect rate of {10-60} percent.',
        'Ask for the negotiated agreement. Without one they may use the de minimis rate. Check that the base excludes equipment and the large subawards.',
      ],
      [
        'I used to work with {surname} on another project, {3-8} years ago.',
        'Please tell the panel chair before you go on. Whether it is a conflict depends on the recusal period in the panel rules; the chair decides and records it.',
      ],
      [
        'Two reviewers differ by {20-45} points on the same criterion.',
        'Compare the comments, not the numbers. Often one of them scored what is missing and the other what is promised. Read the criterion aloud in the panel and let both say which page they relied on.',
      ],
      [
        'How would I write that as a weakness without sounding harsh?',
        'Name the criterion, the page, the gap, and its effect: "Section {2-9} does not show how {assets} are maintained after year three; it is therefore unclear whether the benefit lasts."',
      ],
      [
        'Does the letter of support from {county} count?',
        'A general letter shows good will. A letter that commits money, staff or land is evidence. Say which of the two it is.',
      ],
      [
        'They report {measure} from a source that I cannot find.',
        'Ask for the link and the date of retrieval. If the figure decides eligibility, program staff can check it against the public data set before the panel meets.',
      ],
      [
        'The risk section is half a page.',
        'Length is not the point. Does it name the supply of equipment, permits, staff, and a fallback for each? If it lists only "weather", that is a weakness.',
      ],
    ],
    last: [
      'Please write my summary statement: three strengths, three weaknesses, one condition.',
      'Which questions should the panel send to the applicant, in order of importance?',
      'Is there anything in this conversation that I should not keep in my notes?',
    ],
  },
  {
    name: 'regulation-drafting',
    domain: 'permits',
    system:
      'You help drafters of the {@bureau} to write clear rules. Prefer "must" to "shall", one duty a sentence, and say where a text is ambiguous.',
    opening: [
      [
        'I am drafting a section on {@topic}. Here is my sentence: "{^@actor} shall, where practicable, {action}."',
        'Two problems: "shall" is weaker than "must", and "where practicable" leaves the decision to {@actor}. Who should decide, and by which test?',
      ],
      [
        'The inspector should decide. But not at whim.',
        'Then name the test: "{^@actor} must {action}, unless the inspector finds in writing that it would endanger workers." Now there is a default, a decider and a reason.',
      ],
      [
        'Good. And the deadline? We had {24-72} hours.',
        'Hours from what? "After the discharge" and "after {@actor} learns of the discharge" are different clocks. The second is fairer and harder to prove; you can add "or should have learned".',
      ],
    ],
    middle: [
      [
        'Use the second one. Now definitions: do I need one for "storm"?',
        'Yes, since duties hang on it. Define it once, by amount and by the dry period before, and use only the defined term afterward: {definition}.',
        'follows',
      ],
      [
        'Counsel wants an exemption for small sites.',
        'Define small by something that can be measured, such as acres or employees, and not by revenue, which changes each year. Say whether an exempt site still has to keep {a record}.',
      ],
      [
        'A commenter says that {within} is impossible in winter.',
        'Three ways out: a longer period for all, a pause while the ground is frozen, or an extension on request. The pause is the easiest to administer if you tie it to a public source of data.',
      ],
      [
        'How do we phrase the penalty without frightening people?',
        'Put the order of steps first: notice, time to correct, then penalty. "We first send a notice that tells what to correct" is true and calm. The amount goes last.',
      ],
      [
        'Do we need to repeat the statute?',
        'No. Refer to it. A repetition ages badly and invites the question which of the two governs.',
      ],
      [
        'Paragraph {b|c|d} has five "and/or".',
        'Replace each by "or" where one is enough, by "and" where all are needed, and by "or both" where that is meant. I would list them as numbered items.',
      ],
      [
        'What about {people} who have a permit under the old rule?',
        'You need a transition: old permits stay valid until they expire or for {2-5} years, whichever comes first; a change of the site triggers the new rule.',
      ],
      [
        'Somebody asks whether {a record} can be electronic.',
        'Say yes, and set the conditions: readable, complete, available within {1-3} business days of a request, and protected against later change. Do not name a file format.',
      ],
      [
        'The burden estimate is {2-9} hours for each report. Credible?',
        'Show how it was found: ask {5-9} {people}, separate the first year from later years, and count the reading of the instructions too.',
      ],
    ],
    last: [
      'Now give me the whole section, clean, with paragraph letters.',
      'Write the two paragraphs of the preamble that explain these choices.',
      'Which sentence of this section is most likely to be challenged, and how would you repair it?',
    ],
  },
  {
    name: 'records-request',
    domain: 'records',
    system:
      'You assist disclosure analysts of the {@bureau}. You know the nine exemptions of the Freedom of Information Act. A person decides every redaction.',
    opening: [
      [
        'Request {@docket}: "all emails about {@topic} since {2019-2022}". That is huge. What now?',
        'Contact the requester before you search. Offer to narrow by custodian, period and keyword, and say what a narrower request would cost and how long it would take.',
      ],
      [
        'They agreed to {3-8} custodians and one year.',
        'Confirm it in writing today, because the clock and the scope follow from it. Then send a search certification to each custodian, with the terms and the places: mailbox, shared drive, chat, phone.',
      ],
      [
        'One custodian left the agency in {month}.',
        'Her mailbox should be on hold or in {@system}. Ask the records officer for the date on which it was preserved, and note the answer in the search record even when it is "nothing found".',
      ],
    ],
    middle: [
      [
        'We have {count} pages. Half are drafts.',
        'Drafts are not exempt as such. Ask of each: is it predecisional and deliberative, and would release harm a specific interest? Factual parts that can be separated are released.',
      ],
      [
        'There is a list of names and home telephone numbers.',
        'Private contact data is normally withheld under Exemption 6 after a balance of interests. Names of senior officials acting in their duty are normally released.',
      ],
      [
        'A company marked everything as confidential.',
        'The mark does not decide. Send a submitter notice, give {5-20} business days to explain, and test the claim: is it customarily kept private, and was there an assurance of privacy?',
      ],
      [
        'The requester wants a fee waiver as a journalist.',
        'Look at the six factors: it is about whether release helps the public to understand what the Government does. News media pay for duplication only, after the first one hundred pages.',
      ],
      [
        'We will miss the deadline by {5-30} days.',
        'Write before it passes. Name the unusual circumstance, a new date, and offer help from the public liaison and the mediation office. More than ten extra days calls for a chance to narrow.',
      ],
      [
        'How do I log {a record} that is withheld in full?',
        'Date, author, addressee, number of pages, exemption, and one sentence on the harm. "Deliberative" alone is not a reason.',
      ],
      [
        'A chat message refers to a document we do not have.',
        'Record the lead and follow it once: ask the author, search the title. If it is not found, the certification says so. That is the test: a search reasonably calculated to find the records.',
      ],
      [
        'Another agency wrote {4-30} of the pages.',
        'Consult or refer. If they hold the main interest, refer the pages and tell the requester where they went; if you can decide with their view, consult.',
      ],
      [
        'Can I lift the black boxes of an old release to check them?',
        'If you can, anyone can. Report it as a privacy incident and replace the file. Apply redactions so that the text beneath is removed, then test with copy and search.',
      ],
    ],
    last: [
      'Draft the final response letter with appeal rights.',
      'Make me a checklist for the second review of these pages.',
      'How would you explain to the requester, in four sentences, why it took this long?',
    ],
  },
  {
    name: 'data-analysis',
    domain: 'health',
    system:
      'You are a data analyst for the {@bureau}. Show the calculation, state what the data cannot tell, and round only at the end.',
    opening: [
      [
        'I have weekly numbers of {@assets} in use for {4-12} clinics over two years. The director wants "the trend".',
        'Let us ask first what decision depends on it. A trend for staffing needs the level and the season; a trend for a report needs a comparison with last year. Which of them?',
      ],
      [
        'Staffing, for next {month}.',
        'Then use the same weeks of both years, and the last eight weeks for the level. Please tell me the mean and the spread of the last eight weeks.',
      ],
      [
        'Mean {40-90}, lowest {20-35}, highest {95-140}.',
        'That is a wide spread. Before we model anything, look at the two extremes: closure, outbreak, or a typing error?',
      ],
    ],
    middle: [
      [
        'The highest was a typing error, should be {41-70}.',
        'Correct it in a copy, keep the original, and note who confirmed it. The mean changes by about a tenth of the difference over eight weeks plus one; please recompute and compare.',
        'follows',
      ],
      [
        'Clinic {2-9} has no data for {month}.',
        'Missing is not zero. Ask whether they were closed. For the staffing question you can use the median of their neighbors as a range, but mark it in the table.',
      ],
      [
        'Rates or counts?',
        'Both have a place. Counts tell how many people to schedule. Rates per {1,000|10,000} residents let you compare {county} with {county}. Do not rank tiny counties by rate alone.',
      ],
      [
        '{^measure} went from {10-20} to {21-38} percent. Significant?',
        'It depends on the number of visits behind it. With about {200-900} a period, the standard error of each share is about two points, so a change of that size is unlikely to be chance. The cause is another matter.',
      ],
      [
        'The director asks whether the new evening hours caused it.',
        'We have before and after at one set of clinics. A comparison with clinics that did not change is the least we need. Are there any in {region}?',
        'follows',
      ],
      [
        'Three of them did not change.',
        'Good. Compare the change in both groups. If the others rose too, subtract their rise. Show each clinic as a line, since three is too few for an average to mean much.',
        'follows',
      ],
      [
        'Which chart?',
        'A line for each clinic, light gray, the two groups in color, and a mark at the date of the change. Start the axis at zero only if you show counts as bars.',
      ],
      [
        'Can we publish the table by clinic and age?',
        'Check for small cells first. Below {5-11} people, suppress the cell and one more in its row and column, or the value can be computed from the total.',
      ],
      [
        'The new export has other column names.',
        'Map them in one place, and stop with an error when a name is unknown. Silent matching is how {issue} stays unseen for months.',
      ],
    ],
    last: [
      'Write the three sentences for the director, with the uncertainty in plain words.',
      'Give me the SQL for the comparison of the two years.',
      'What would you check next if you had one more day?',
    ],
  },
  {
    name: 'emergency-planning',
    domain: 'emergency',
    system:
      'You help emergency managers of {@county} and the {@bureau} to plan. In an ongoing emergency, tell the user to follow the incident commander.',
    opening: [
      [
        'The river at {@city} may crest on {Thursday|Friday|Saturday}, {2-5} feet above flood stage. We have {@assets} for one shelter only.',
        'Then decide two things today: who leaves first, and when the first shelter counts as full. How many people live below the forecast line, and how many of them have no car?',
      ],
      [
        'About {400-900}, maybe a tenth without a car. Also a nursing home with {30-80} beds.',
        'The nursing home goes first, since it needs the longest time and special transport. Ask its manager now for the evacuation agreement and for the number of residents on oxygen.',
      ],
      [
        'The agreement is with a home in {city}, which is on the same river.',
        "That happens often. Call the state's health desk for beds outside the basin and keep the agreement as a second choice. Note the time of the call in {@system}.",
      ],
    ],
    middle: [
      [
        'School buses: can we use them?',
        'Usually, by agreement with the district. Ask for drivers as well, for the number of lifts, and for the time by which buses must be back. Fuel them tonight.',
      ],
      [
        'How do we word the warning?',
        'Who, what, where, when, why you: "If you live between the river and {Mill|Canal|Orchard} Street, leave by {time}. Go to the school. Buses leave from the library every {15-30} minutes." Then the same in every language that is spoken there.',
      ],
      [
        'Sirens failed in the {north|south|east} sector at the last test.',
        'Then plan door-to-door teams for that sector, two people each, about {20-40} homes an hour. Mark finished doors on one map.',
      ],
      [
        'People will bring pets.',
        'Plan for it, or they will stay at home. A separate room, crates, a sign-in sheet, and one volunteer from the animal shelter are enough for a start.',
      ],
      [
        'What do we need to document for reimbursement?',
        'From the first hour: who worked, when, where, on which task, with what equipment. {^a record} with photographs and places. Keep debris tickets and the scale records together.',
      ],
      [
        'The shelter has only {2-4} accessible showers, all upstairs.',
        'Then it is not accessible. Rent a trailer with a ramp, or move people who need it to the second site. Write down the gap and the remedy.',
      ],
      [
        'A volunteer group offers {20-90} cots and wants to run the kitchen.',
        'Accept the cots after a look at them. For the kitchen ask for food safety certificates, and give them one contact and a shift plan.',
      ],
      [
        'The press asks how many are missing.',
        'Give only confirmed numbers, with the time. "As of {time} we know of no missing person; we have not yet reached {3-30} homes" is honest and useful.',
      ],
      [
        'Forecast now says {6-20} hours earlier.',
        'Move the first departure at once, and cut what can wait: sandbags before furniture, people before everything. Tell all partners the new time in one message and ask them to confirm.',
      ],
    ],
    last: [
      'Put this into an incident action plan for the first operational period.',
      'Which three things are we most likely to have forgotten?',
      'Write the text of the second warning, at most 360 characters.',
    ],
  },
];

/** What comes up in any long conversation. Answers quote the sentences of documents, so they differ every time. */
export const everyday: readonly Exchange[] = [
  [
    'Let me check something else: {@finding.else}. Should I mention that?',
    'Yes, with its source. If it is right that {@finding.else}, a reader will ask for the cause. One sentence is enough: it may be that {cause}.',
  ],
  [
    'What does the rule say about {a @record.rule}?',
    'The relevant text reads: "{apply}" In practice, {unit} looks first at whether the {@record.rule} is complete.',
  ],
  [
    'And if somebody appeals?',
    'Then this applies: "{appeal}" I would prepare the file now: who decided, on what date, and on the basis of which {record}.',
  ],
  [
    'How long do we keep all of this?',
    '"{keep}" If a dispute is open, keep everything until it is over, whatever the schedule says.',
  ],
  [
    '{@surname.other} from {unit} disagrees with me on {topic}.',
    'Ask what {@surname.other} relies on. It may be this: "{review}" If so, you both have a point, and the {role} has to decide.',
  ],
  [
    'Can you put the last answer in simpler words?',
    'In short: {remedy}. Do it before {later}, keep {a record} as proof, and ask {unit} when in doubt.',
  ],
  [
    'We have had trouble with {issue} before. Anything to learn from it?',
    'Two things. It was found late because {cause}. And the remedy is known: {remedy}. Both can be done without new money.',
  ],
  [
    'What would it cost?',
    'A rough range: {money} if staff do it, about {money} with a contractor. The largest unknown is the number of {assets}. I would ask {unit} for the real figure for {month}.',
  ],
  [
    'Who has to sign?',
    'Under the usual delegation, the {role} up to {money}, and above that {unit}. A signature without authority is a finding that auditors like: "{condition}"',
  ],
  [
    'I have to brief the director in ten minutes. Give me the essence.',
    'First: {topic} is on schedule except for {issue}. Second: {measure} is the number to watch. Third: we need a decision on whether to {action} by {later}.',
  ],
  [
    'Is there a deadline that I overlook?',
    'Check this one: something is due {within}. Also note that {a record} is often due {within}. Put both in the calendar with a week of warning.',
  ],
  [
    'What do {people} usually get wrong here?',
    'They send {a record} without a date, or they wait for {event}. The third mistake is on our side: {cause}.',
  ],
  [
    'Could you say that in two sentences for the web page?',
    '"You can ask us about {topic} until {later}. Please have your {record} ready; we answer {within}."',
  ],
  [
    'How do other offices do it?',
    'The office in {city} chose to {remedy}. In {region} they did nothing, and {effect}. I only know this from the published reports, so please confirm it.',
  ],
  [
    'What if {actor} does not answer at all?',
    'Write once more with a date, then proceed on the file as it is. The rule on this is: "{enforce}"',
  ],
  [
    'Is an exception possible?',
    'Possibly. "{waive}" You would have to show why the case is unusual, and not just that it is inconvenient.',
  ],
  [
    'Let us go back to {measure}. Do we have the right number?',
    'We have a number. Whether it is right depends on the source: {@system} counts by date of receipt, the report by date of decision. State which one you use.',
  ],
  [
    'Someone in the {city} office asks for an example.',
    'Take this one: on {date}, {unit} noticed {issue}. It had to {action}, and it took {3-40} days. The lesson was to {remedy}.',
  ],
  [
    'I need a neutral sentence for the minutes.',
    '"The group noted that {finding} and asked {unit} to report by {later}."',
  ],
  [
    'And the risk if we just wait?',
    'The likely one is that {effect}. The unlikely but costly one is {issue}. Waiting until {later} would be all right if someone watches {measure}.',
  ],
  [
    'Does any of this touch on privacy?',
    'Yes, as soon as {a record} names a person. The sentence to follow: "Personal information may be shared only as far as it is needed to {action}." Leave names out of drafts.',
  ],
  [
    'Thanks. Now the next point: {topic}. Same procedure?',
    'Mostly. The difference is the clock: here it starts with {event}. And {actor} has to {action} first.',
  ],
];

/** What an assistant adds to make an answer complete. */
export const additions: readonly string[] = [
  'Step by step:\n1. {^action}, and note the date.\n2. Attach {a record}; without it the file waits.\n3. Ask {unit} for a written confirmation {within}.\n4. If nothing comes back, {remedy}.',
  'The passages that matter here:\n- {apply}\n- {review}\n- {keep}',
  'Here is a text that you can adapt:\n\n"To {unit}: On {date} we noticed {issue}. We have begun to {action} and expect to finish by {later}. Please tell us whether {a record} is needed. The reference is {docket}."',
  'Two points in favor: it would help to {action}, and {people} have asked for it since {month}. Two against: {effect}; and {cause}. On balance I would go ahead, with a review of {measure} after {2-6} months.',
  'To be sure, look at three places: the {record} of {date}, the entry in {@system}, and what {unit} wrote on {topic}. If two of them agree and the third does not, the third is usually the older one.',
  'An example from {city}: {finding}. The office decided to {remedy}. A year later {measure} was better by {4-30} percent, though nobody can say how much of this is due to the change.',
  '| Question | Answer | Source |\n|---|---|---|\n| Who | {actor} | § {section} |\n| What | {a record} | § {section} |\n| When | {within} | § {section} |\n| Exception | {unless} | § {section} |',
  'Please note the limits of my answer. I have not seen the {record}, I do not know what {unit} has agreed with {actor}, and the rule was changed on {date}. {^a role} can settle the point in a few minutes.',
  'In numbers: {count} {assets} in {region}, of which {10-60} are affected; {money} planned, {money} spent; {measure} last checked in {month}. I would not quote these without a look at {@system}.',
  'What I would write in the file: "{time}, telephone call with {person}, {role}. Asked to {action}. Agreed, with the remark that {cause}. Follow-up on {later}."',
  'Common reasons for a delay at this point are that {cause}, that {cause}, or simply that {a record} lies in the wrong queue. You can rule out the last one yourself: search {@system} for {ticket}.',
  'Questions that you may get, with short answers:\n- Why now? Because {effect}.\n- Who decides? The {role}, after {unit} has been heard.\n- What does it cost? About {money}.\n- What if we are wrong? Then we {remedy}.',
];
