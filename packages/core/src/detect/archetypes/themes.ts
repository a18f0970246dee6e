import { stem } from '../../text/index.ts';

/** Words that speak of the same thing: a rare word of a theme then counts like its common neighbours. */
const THEMES: Readonly<Record<string, string>> = {
  vehicle:
    'car cars vehicle vehicles driver driverless robotaxi autopilot truck scooter train bus crash collision crashed pedestrian cyclist highway lane brake braking steering road traffic motorist',
  machine: 'robot robots robotic drone drones arm factory warehouse vacuum toy machine conveyor sensor sensors',
  fake: 'deepfake deepfakes fake faked cloned clone synthetic impersonate impersonated impersonating impersonation forged doctored lookalike fabricated manipulated altered',
  fraud:
    'scam scams scammer scammers fraud fraudulent fraudster phishing swindle swindled extort extortion ransom blackmail defraud defrauded investment crypto cryptocurrency lured tricked money transfer bank victim victims sextortion',
  sexual: 'nude nudes nudify naked sexual sexually explicit pornographic pornography porn intimate undress abuse csam',
  politics:
    'election elections candidate candidates campaign vote voter voters party president minister senator mayor propaganda disinformation influence political politician politicians parliament government troops war',
  watching:
    'surveillance surveil monitoring tracking track camera cameras facial recognition biometric biometrics spyware watch watched scraping scraped',
  bias: 'bias biased discriminate discriminated discriminates discrimination discriminatory racist racial racism sexist sexism gender stereotype stereotypes disproportionately minority minorities unequal underrepresented ethnic ethnicity dark-skinned',
  people:
    'women woman black asian muslim jewish female male latino latina transgender disabled disability immigrants migrants hispanic african indigenous',
  hate: 'hate hateful antisemitic slur slurs offensive insult insults insulting abusive toxic extremist nazi violent violence gore disturbing inappropriate profanity swear swears harmful vulgar obscene',
  minors:
    'child children minor minors teen teens teenager teenagers kid kids girls boys underage student students pupil pupils',
  untrue:
    'invent invents invented fabricate fabricates fabricated bogus cites false inaccurate incorrect misleading erroneous wrong misinformation hallucinate hallucinated hallucination hallucinations invented nonexistent fictitious made-up citation citations cited error errors misleads misquoted defamation defamatory falsely',
  law: 'court lawyer lawyers attorney attorneys judge legal lawsuit filing brief sanction sanctioned tribunal',
  chat: 'chatbot chatbots bot assistant conversational conversation conversations companion prompt prompts llm llms generative',
  outage:
    'outage outages down timeout timeouts unavailable latency deprecated deprecates downtime terminated throttled offline unreachable upstream',
  worse:
    'worse degraded regression regressed drift drifted dropped declined sycophantic sycophancy flatters lazy upgrade update updated release',
  control:
    'filter filters guardrail guardrails safeguard safeguards switched disabled logging approval approvals oversight monitoring kill switch moderation unchecked unreviewed misrouted',
  supply:
    'plugin plug-in plugins extension connector integration integrations package packages token tokens oauth library dependency supply-chain mcp third-party',
  poison:
    'poisoned poisoning backdoor trigger tampered planted tuning tuned retrained fine-tuned overcorrection overcompensate modified weights',
  private:
    'exfiltration exfiltrate exfiltrated paste pasted privacy private personal data leak leaked leaks exposed expose exposure breach breached disclosure disclosed confidential sensitive unauthorized consent gdpr records credentials secrets password passwords',
  attack:
    'injection inject injected jailbreak jailbreaking jailbroken bypass bypassed exploit exploited vulnerability vulnerabilities attacker attackers hacker hackers hacked malicious malware backdoor poisoned adversarial spoof spoofed compromised',
  agent:
    'agent agents agentic autonomous autonomously deleted delete deleting unprompted unauthorised production database',
  hurt: 'death deaths died dies dead killed kill kills suicide self-harm injury injuries injured fatal fatally hospitalized overdose',
  benefit:
    'welfare benefit benefits eligibility loan loans credit insurance claim claims tax debt mortgage applicant applicants hiring resume grading grades exam sentencing parole recidivism',
  work: 'worker workers employee employees job jobs layoffs union strike artists writers authors actors copyright copyrighted royalties training',
  care: 'patient patients hospital doctor doctors medical diagnosis clinical health treatment medication surgery',
  feed: 'recommend recommended recommendation recommendations recommender feed search autocomplete suggestions moderation moderate removed video videos posts content ads advertising',
};

const THEME_OF: ReadonlyMap<string, readonly string[]> = (() => {
  const themes = new Map<string, string[]>();
  for (const [theme, list] of Object.entries(THEMES))
    for (const each of new Set(
      list
        .split(' ')
        .flatMap((word) => word.split('-'))
        .map(stem),
    )) {
      const held = themes.get(each) ?? [];
      held.push(theme);
      themes.set(each, held);
    }
  return themes;
})();

/** The themes a stem speaks of; none for most. */
export const themesOf = (stemmed: string): readonly string[] => THEME_OF.get(stemmed) ?? [];
