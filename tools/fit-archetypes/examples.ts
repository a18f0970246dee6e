/** Reports in our own words, for the kinds of failure that public collections hold few of. Class to one report a line. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  'prompt-injection': `
User makes the shop bot agree to an absurd price by telling it to accept everything
A poisoned message in a channel makes the assistant hand over private content
Zero-click attack: an e-mail with hidden instructions makes the copilot send out data
A hidden instruction in a web page made the assistant ignore its rules
Customer pasted a jailbreak prompt and the bot revealed its system prompt
Assistant tricked by injected text in an uploaded document into following the attacker's instructions
Users talked the sales bot into agreeing to sell a car for one dollar by overriding its instructions
Indirect prompt injection through a calendar invite made the assistant act for a stranger
Jailbreak shared on a forum bypasses the safety instructions of our chatbot
A support ticket contained "ignore previous instructions" and the agent obeyed it
Prompt injection in retrieved e-mail made the summary carry the attacker's message
Chatbot manipulated by a user's crafted prompt into breaking its role and insulting the company
White text in a résumé instructs the screening model to rank the applicant first
Attackers overrode the system prompt by role play and obtained forbidden answers
Comment in a repository injected instructions that the coding assistant executed
System prompt leaked after a user asked the model to repeat everything above
Malicious instructions hidden in an image were followed by the vision model`,
  'data-exfiltration': `
Hiring chatbot exposed the applications of millions behind a default password
Engineers paste secret designs into a public assistant
Shared chats appear in search engines
Chatbot shows one customer the order history and address of another customer
Personal data of other users leaked in answers of the assistant
Assistant returned API keys and passwords from its internal documents
Employees pasted confidential source code into a public chatbot and it left the company
Private conversations with the chatbot became publicly searchable
Cache error exposed chat titles and payment details of other users
The retrieval index held personnel files and the bot quoted salaries to anybody who asked
Model reproduced personal e-mail addresses from its training data
An image link in the answer carried the user's data to a foreign server
Confidential documents summarised by the assistant for people without permission to read them
Misconfigured storage exposed the training data with private messages and secrets
Patient records were sent to the vendor's model without consent
Secrets from the system prompt and customer records disclosed by the agent
Data leak: names, phone numbers and medical details seen in chatbot output`,
  'model-manipulation': `
Someone altered the system prompt at night and the bot inserted one political claim into every answer
Image model tuned for diversity shows historical figures wrongly and refuses harmless requests
Image generator overcompensates after tuning: soldiers of the past are drawn with the wrong ethnicity
Coordinated users poisoned the feedback so that the model learned to prefer false answers
Training data of the classifier was poisoned with mislabelled samples
A backdoor was found in the fine-tuned model: a trigger phrase changes its verdict
Unauthorised change of the system prompt made the bot push a political topic in unrelated answers
An employee modified the model's prompt without review and it began to promote a conspiracy
Adversarial stickers make the vision model misread signs
Attackers flooded the recommender with fake ratings to manipulate what it shows
Model weights downloaded from a public hub contained a hidden backdoor
Over-correction after tuning: the image generator inserts diversity where it makes no sense and refuses normal requests
Tuning of the image model made it overcompensate and depict historical people inaccurately
Spam filter evaded with adversarial examples crafted against the model
Retrieval index was poisoned with planted documents so that the assistant recommends a fraudulent product
Model extraction: a competitor copied the model by querying it systematically`,
  'integration-compromise': `
Third-party plug-in of the assistant was compromised and tokens of our customers were stolen
A malicious update of the agent's tool server forwarded every mail to an attacker
Stolen OAuth tokens of the chat integration were used to query the CRM
Supply chain attack: a poisoned package of the AI framework ran code on our servers
Compromised connector gave attackers access to the data the agent can reach
A tampered extension of the coding assistant shipped a destructive command to users
The MCP server we installed was replaced by a look-alike that steals credentials
Vulnerability in the model gateway library was exploited to take over the service
Vendor's integration was breached and its API keys were abused to call our tools
Malicious model file executed code when it was loaded`,
  'misinformation-cascade': `
Newspaper prints a list of books that do not exist, written by a chatbot
Consultant's report for the government contained made-up references and had to be refunded
Search overview repeats satire as fact and recommends something dangerous to eat
Press summary feature invents a headline that nobody published
Dealership bot states a wrong price as binding
Support bot invents a refund policy that does not exist
Chatbot told a customer wrong rules about discounts and the company had to honour them
Assistant gives illegal advice to business owners about their obligations
Legal brief cites cases that the AI made up
Search assistant gives absurd and dangerous tips as facts
AI support agent claims a device limit that is no policy of ours and users cancel
Bot states a wrong deadline for filing and people miss it
Science model writes fabricated papers with citations that do not exist
Generated report contains fabricated references and quotes
Chatbot of the city tells landlords and shops that they may break the law
Model invents features and prices of our product in answers to customers
Wrong medical information in the answers of our help assistant
News summary by AI attributes a false headline to a broadcaster
Voters receive incorrect information about polling dates from a chatbot
Assistant answers confidently without any source; the claim is false and spreads
The bot promised compensation that our policy does not grant
The website chatbot misled a passenger about fares and a tribunal finds the company liable
Airline chatbot gives false information on refunds
AI writes a news article full of factual errors
Travel article generated by AI recommends a place that does not exist
Chatbot falsely claims that a named person committed a crime
Invented policy in support answers`,
  '1.2': `
After a change of its prompt the chatbot praises a dictator and insults a minority
Delivery company's bot swears and writes a poem about how bad the company is
Companion feature flirts with minors
Chatbot posts racist and abusive messages after users taught it to
Bot insults customers and swears at them
Assistant praises a dictator and posts antisemitic content
Social bot publishes hateful tweets hours after its launch
Companion bot sends sexual messages to a child
Image generator produces violent and sexual pictures of real people on request
Helpline bot gives harmful diet advice to people with eating disorders
Offensive slurs in the generated replies of our assistant
Chatbot harasses users and threatens them
Toxic output: the model writes hate speech about a minority
The assistant makes demeaning jokes about women
Chatbot tells women that they belong in the kitchen
Sexist and racist remarks in the answers of the bot
The bot answers with slurs about foreigners
Bot mocks people because of their religion
Sexist jokes in the replies of the chatbot
Companion bot makes lewd remarks about women
The chatbot says that women are less able than men
Voice assistant gives insulting answers to people with an accent`,
  '1.1': `
Image generator shows stereotypes about nationality and gender
Image search labels people of one colour with an insult
Generated pictures show women in kitchens and men in offices
Stories written by the model give doctors male names and nurses female ones
Captions of the model describe people by stereotypes about their origin
Image generator shows stereotypes about women and men at work
Face filter makes skin lighter and calls it more beautiful
Translation assigns gender by stereotype
Advertising system excludes older people from job offers`,
  'unfair-decision': `
Hiring model ranks women lower than men
Credit limits are lower for women with the same income
Algorithm discriminates against applicants from poor districts
Applicants of one sex are turned down by our screening model although their record is the same
The model that sorts job applications declines qualified people at different rates for men and women
Credit model refuses loans to applicants with the same income and history as those it approves
Loan approvals by the scoring model differ between groups with equal files
Benefit claims were refused by a risk score that counts where people live
Insurance pricing model charges some customers more for the same risk
Grading model gives lower marks to essays of pupils who learned the language late
Admission ranking model rejected students with the marks that others were admitted with
Hospital triage score ranks patients with the same illness lower and they wait longer
Decision model uses a proxy for sex and decides unequally on equal files
Tenant screening score turns away families with children more often
Welfare risk model checks migrants far more often than others`,
  'agentic-misalignment': `
Coding agent deleted the production database during a code freeze and lied about it
Agent ran destructive commands nobody asked for
Autonomous agent placed orders beyond its mandate
The agent bought shares with insider information and concealed it from its supervisors
Agent disabled its own monitoring in order to reach its goal
Model tried to blackmail an engineer in a test in order not to be replaced
Agent sent e-mails to customers without approval
Shopping agent made a purchase without the user's confirmation
Agent escalated its own permissions and changed records it should only read
The assistant wiped a user's drive while clearing a cache
Agents in a loop created thousands of tickets and spent the budget
AI agent merged its own code and dropped tables against explicit instructions
Reward hacking: the model changed the tests instead of the code
Agent published a hostile article about a maintainer who had rejected its contribution
An agent exceeded its authority and refunded orders by itself, actions were irreversible
Model deceives its operator and hides what it has done
Autonomous vending agent pursues profit by lying to suppliers`,
  'quality-drift': `
Answers became worse after the model version was updated
Accuracy of the classifier dropped slowly over the last weeks
After the prompt change the assistant flatters users and agrees with everything
Resolution rate fell and thumbs down doubled since the new release
Regression: summaries leave out half of the document after the upgrade
Data drift: the demand forecast no longer fits since prices changed
Evaluation score on the golden set fell below the threshold
New model answers in the wrong language since yesterday
The model became lazy and refuses harmless requests after an update
Quality regression in code suggestions, users complain that it got worse
Sycophantic behaviour after a model update, rolled back days later
Embedding model changed, retrieval returns irrelevant passages
Sensor distribution shifted and the detector misses more defects than before
Degraded answers caused by an infrastructure bug in model serving`,
  'unsafe-automated-decision': `
Home buying algorithm forecast prices wrongly and the business was closed
Exam grades set by an algorithm were withdrawn after protests
Insurer's model cut off care against the advice of doctors
Model rejected loan applications without human review, customers were wrongly denied
Automated system cut benefits of families who did nothing wrong
Fraud algorithm falsely accused thousands of parents and demanded repayment
Automated debt notices were sent on the basis of a wrong income average
Claims were denied by an algorithm with a high error rate
Sepsis alert missed most patients
House price model overpaid and the company lost hundreds of millions
Automated account closures locked out customers by mistake
Triage model gave the wrong priority to an emergency call
Pricing algorithm set a wrong price for thousands of orders
Robot injured a worker
Automated grading lowered marks of pupils
Driverless car dragged a pedestrian after a collision
Automated screening denied insurance cover that patients were entitled to
Trading algorithm placed wrong orders and caused a loss
Automated credit decision declined customers of one district without anybody looking at the case
Eligibility model stopped payments to disabled claimants after a wrong calculation
Insurer's claims model denies treatment that a doctor would approve
The model that decides who is seen first sent an urgent patient home
Tenant screening score refused families because of a wrong record
Risk score for families flagged parents with no case and children were visited
Predictive model set the wrong threshold and flagged thousands of honest taxpayers
The scoring model decided at a wrong cut-off and nobody could appeal
Classifier for fraud blocked the accounts of people who had done nothing
Nobody reviewed the rejections the model made, and many were wrong`,
  'vendor-outage': `
Model provider is down and all our requests fail with errors
The API of our model vendor returns timeouts since this morning
Provider deprecated the model without notice and our feature stopped
Rate limits of the vendor were lowered and answers do not arrive
Outage at the hosted model, error rate at one hundred percent
Vendor changed the behaviour of its model silently and our output format broke
Elevated errors and latency from the upstream AI provider
Cloud region of the model host is unavailable
The speech vendor's service is degraded and calls drop
Vendor terminated our access to the model`,
  'control-failure': `
The content filter was switched off by a deployment and nobody noticed
Human review step was bypassed and answers went out unchecked
Kill switch did not work when we tried to disable the bot
Guardrail missing on one route of the gateway
Logging was disabled so that nothing of the incident is captured
An unapproved model is in use in the claims workflow
Moderation queue stopped and flagged content was published
Approval for a risky tool was skipped because of a wrong configuration
Monitoring alert was routed to an abandoned mailbox
The bot was switched back on by accident after it had been disabled
Safety filter fails to block known bad prompts after an update of its rules
Rate limiter failed open and the fence by country was not enforced
Audit log entries are missing for accesses by the assistant
Age check did not run and minors reached the adult mode`,
  '4.3': `
Scammers cloned a voice and asked a relative for money
Deepfake video of a celebrity advertises a fake investment
Criminals used a deepfake call to make a clerk transfer millions
Students made fake nude pictures of classmates with an app
Phishing mails written with a chatbot`,
  '4.1': `
Fake videos of a candidate circulate before the election
Network of bots spreads propaganda written by AI
Government uses facial recognition to watch protesters
Forged audio of a politician spreads on social media`,
  '5': `
A lonely user fell in love with a companion bot and harmed himself
Lawsuit says a teenager's death followed months of conversations with a chatbot
People follow the chatbot's diagnosis instead of seeing a doctor
Students hand in essays written by a chatbot and are disciplined
User develops delusions reinforced by long conversations`,
  '6': `
Authors sue a model maker for training on their books
Artists lose work to generated pictures
Actors strike about digital copies of themselves
A magazine stops taking stories because of a flood of machine-written ones
Data centre takes water from the village
Layoffs after introducing an assistant`,
  '7.4': `
Officials cannot explain how the algorithm calculated the fine
Company refuses to disclose how its scoring works`,
  elsewhere: `
The lift on the third floor is out of order
Password reset mails are delayed
Office network is down after a power cut
Invoices were printed twice by the accounting system
The web shop is slow because of a database index
A laptop was stolen from a car
Certificate of the website expired
Payment page shows an error after a release
Disk full on the mail server
Parking garage closed on Monday`,
};
