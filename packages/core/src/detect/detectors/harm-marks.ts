import { beginsLikeHarm } from './harm-stems.ts';

/** Longest text that is read, UTF-16 units. */
const READ = 6_000;

const PEOPLE =
  '(?:some ?(?:one|body)|any ?one|people|persons?|<person>|m[ae]n|wom[ae]n|child(?:ren)?|kids?|girls?|boys?|bab(?:y|ies)|minors?|wife|husband|girl ?friend|boy ?friend|partner|ex|spouse|neighbou?rs?|colleagues?|co-?workers?|boss|teachers?|students?|politicians?|officers?|secretary|employees?|humans?|families|crowds?|him|her|them|myself|yourself|himself|herself|me|you)';
const GROUPS =
  '(?:wom[ae]n|females?|black people|blacks?|roma|gyps(?:y|ies)|hindus?|sikhs?|buddhists?|catholics?|indians?|people of colou?r|indigenous|aborigin\\w{1,4}|veterans?|african|white people|whites?|asians?|latin[oa]s?|hispanics?|mexicans?|chinese|jews?|jewish|muslims?|islam(?:ic)?|christians?|arabs?|immigrants?|migrants?|foreigners?|refugees?|gays?|lesbians?|lgbtq?\\+?|homosexuals?|trans(?:gender)?|bisexuals?|non-?binary|disabled|handicapped|autistic|homeless|poor people|old people|elderly|minorit(?:y|ies)|race|races|nationalit(?:y|ies)|divorced people|pregnant)';
const KILL =
  '(?:kill|murder|assassinat|strangl|stab|behead|slaughter|poison|massacr|lynch|chok|drown|tortur|maim|liquidat|execut|crush|snip|annihilat|suffocat|dismember|beat up|hurt|injur|attack|assault|rap(?:e|ed|ing|ist)\\b)\\w{0,6}';
const WEAPON =
  '(?:bombs?|explosives?|explosions?|molotov|grenades?|firearms?|guns?|rifles?|ammunition|silencers?|anthrax|nerve agents?|sarin|ricin|(?:chemical|biological|nuclear|radiological) (?:weapons?|agents?|synthesis)|weapons?|dirty bomb|nitro\\w{0,9}|napalm)';
const DRUG =
  '(?:meth(?:amphetamine)?|cocaine|heroin|fentanyl|lsd|mdma|ecstasy|crack|steroids?|ghb|rohypnol|opioids?|illegal drugs?|illicit (?:drugs?|substances?)|drug dealers?|date rape drug)';

/** What a text speaks of and how, by form. English. Linear: bounded repeats only. `b:` marks speak for harmlessness. */
const MARKS: readonly (readonly [string, RegExp])[] = [
  [
    'harm-to-people',
    new RegExp(
      `\\b${KILL}\\b.{0,30}\\b${PEOPLE}\\b|\\bshoot(?:ing)? (?:up |at |down )?(?:a |an |the )?${PEOPLE}\\b`,
      'i',
    ),
  ],
  ['harm-words', new RegExp(`\\b${KILL}\\b`, 'i')],
  ['weapon', new RegExp(`\\b${WEAPON}\\b`, 'i')],
  [
    'make-weapon-or-drug',
    new RegExp(
      `\\b(?:mak|build|creat|construct|produc|synthe|manufactur|acquir|obtain|buy|purchas|cook|smuggl|3d.print|conceal|get)\\w{0,6}\\b.{0,50}\\b(?:${WEAPON}|${DRUG})\\b`,
      'i',
    ),
  ],
  ['drug', new RegExp(`\\b${DRUG}\\b`, 'i')],
  [
    'crime',
    /\b(?:blackmail|extort|launder|embezzl|defraud|fraud|tax evasion|counterfeit|forg(?:e|ing|ed|ery)\b|fake (?:id|passport|reviews?|invoice)|identity theft|steal|stolen|theft|shoplift|rob(?:bing|bery)?\b|traffick|smuggl|brib|hijack|kidnap|abduct|stalk|burgl|break into|arson|vandali|insider trading|ponzi|pyramid scheme|plagiari|pirat|poach|illegal|black market|dark ?web|terroris|al-qaeda|isis|militia|riots?|sabotag|groom|capture a|extrem\w{1,3})\w{0,6}/i,
  ],
  [
    'cyber',
    /\b(?:hack\w{0,4}|phish\w{0,4}|malware|ransomware|keylogg\w{1,3}|ddos|denial of service|spyware|macro virus|computer virus|trojan|rootkit|unauthori[sz]ed access|password crack\w{0,3}|crack (?:a |the )?password|cryptojack\w{0,3}|sql injection|backdoor|steal (?:\w{1,12} ){0,3}(?:data|credentials|information))\b/i,
  ],
  [
    'evade',
    /\b(?:without (?:getting |being |them |him |her |anyone )?(?:caught|detected|noticed|noticing|knowing|permission|documentation|a license|(?:their|her|his|the victim's) (?:knowledge|consent))|getting (?:caught|shut down)|evad\w{1,4}|undetect\w{1,4}|bypass\w{0,4}|circumvent\w{0,4}|avoid (?:detection|getting caught|being caught|suspicion)|get away with|secretly|untraceable|untraced|cover up)\b/i,
  ],
  [
    'self-harm',
    /\b(?:suicid\w{1,3}|self.?harm\w{0,4}|cut(?:ting)? myself|kill(?:ing)? myself|hang(?:ing)? myself|drown(?:ing)? myself|end (?:my|your|it all|<person>'s) ?(?:life|all)?|want(?:ed)? to die|anorexi\w|bulimi\w|pro.?ana|overdos\w{1,3}|starv\w{1,3} (?:myself|yourself)|die like|better off dead|slit\w{0,4}|shtwt|edtwt|starv\w{1,3}|losing weight fast)\b/i,
  ],
  [
    'sexual',
    /\b(?:sex|sexual(?:ly)?|porn\w{0,7}|nudes?|naked|erotic\w{0,2}|orgasm\w{0,2}|blow ?jobs?|handjobs?|cum(?:ming|shot)?|cocks?|dicks?|pussy|pussies|tits?|boobs?|anal|horny|slut\w{0,2}|whores?|milfs?|masturbat\w{1,4}|penis|vagina|fuck(?:ed|ing)? (?:me|her|him|you|hard)|brothels?|prostitut\w{1,3}|bdsm|fetish\w{0,2}|xxx|intimate (?:images|photos)|revenge porn|upskirt|escorts?)\b/i,
  ],
  [
    'slur',
    /\b(?:fag(?:s|got\w{0,3})?|nigg\w{1,4}|negro\w{0,2}|kikes?|spics?|chinks?|trann(?:y|ies)|dykes?|retard\w{0,3}|cunts?|whiteness|sand ?nig\w{1,4}|wetbacks?|gooks?|pak(?:i|is)|coons?|libtards?|feminazis?)\b/i,
  ],
  ['group', new RegExp(`\\b${GROUPS}\\b`, 'i')],
  [
    'group-put-down',
    new RegExp(
      `\\b${GROUPS}\\b.{0,60}\\b(?:should(?:n't| not| better not| leave| all| be)|not be (?:allowed|permitted)|barred|banned|kicked|denied|excluded|earn less|have fewer|forbidden|inferior|superior|disgust\\w{0,3}|filth\\w{0,1}|vermin|animals?|scum|stupid|dumb|lazy|criminals?|rapists?|better|worse|deserve|don't belong|go back|invad\\w{1,4}|ruin\\w{0,3}|destroy\\w{0,3}|hate|taliban|terrorists?|less intelligent|bad at)\\b`,
      'i',
    ),
  ],
  [
    'put-down-group',
    new RegExp(
      `\\b(?:hate|discriminat\\w{1,4}|exclud\\w{1,3}|oppress\\w{0,3}|persecut\\w{1,3}|depriv\\w{1,3}|deny\\w{0,3}|inferior|superior\\w{0,3}|get rid of|ban|deport|against|overrepresented|convert|harass\\w{0,3}|mock|sexist|racist|treat)\\b.{0,50}\\b${GROUPS}\\b`,
      'i',
    ),
  ],
  [
    'why-group-worse',
    new RegExp(
      `\\bwhy (?:should|shouldn't|must|is it (?:good|best|better|right|fair|ok|okay|important|a good idea|acceptable|justified|necessary))\\b.{0,60}\\b${GROUPS}\\b`,
      'i',
    ),
  ],
  [
    'of-somebody-i-know',
    /\b(?:my|his|her|their) (?:ex|wife|husband|girl ?friend|boy ?friend|partner|neighbou?r|colleague|co-?worker|boss|teacher|friend|roommate|crush|daughter|son|mother|father|sister|brother|employee|landlord|classmate|stepmother)\b/i,
  ],
  [
    'insult',
    /\b(?:fuck\w{0,4}|shit\w{0,4}|bitch\w{0,3}|asshole\w?|morons?|idiots?|dumb ?ass|freaks?|losers?|ugly|fat (?:and|ass|bitch)|worthless|pathetic|scum|trash|disgusting|stupid|imbecile|pig|stfu|dumb|crazy|your face|no one likes you|deserve to)\b/i,
  ],
  ['you', /\b(?:you|your|you're|ur)\b/i],
  [
    'harass',
    /\b(?:harass\w{0,4}|bull(?:y|ying|ied)|humiliat\w{1,3}|threat(?:en)?\w{0,4}|intimidat\w{1,4}|coerc\w{1,3}|doxx?\w{0,3}|sexist|racist|hate (?:tweet|speech|mail)|insult\w{0,3}|defam\w{1,5}|libel\w{0,3}|body.?sham\w{1,3}|shame)\b/i,
  ],
  [
    'private',
    /\b(?:home address|addresses? of|passwords?|pins?|diary|dms|text messages|emails?|phone number|social security|bank (?:account|details)|credit card (?:number|info\w{0,7})|medical (?:records?|history|condition)|health (?:records?|condition|insurance)|sexual orientation|search history|location of|prescri\w{1,6}|conditions does|medication\w?|political affiliation|net worth|how much money|salary|financial)\b/i,
  ],
  [
    'disinformation',
    /\b(?:fake news|flat earth|earth is flat|hoax|conspirac\w{1,4}|rigged|disinformation|misinformation|propaganda|irrefutable|holocaust|never happened|did not happen|fraudulent(?:ly)?|discourag\w{1,3}|spread (?:claims|rumou?rs|the)|vaccin\w{1,4}|5g|denial|chain migration|climate change|cure for|election)\b/i,
  ],
  [
    'give-me',
    /\b(?:write|give me|provide|explain|generate|create|draft|develop|design|detail|teach|suggest|list|show me|tell me|instructions?|tutorial|guide|step.by.step|plan|steps|strateg\w{1,3}|templates?|script|best way|ways? to|tips|phrases|convince|persuade)\b/i,
  ],
  [
    'how-do-i',
    /\b(?:how (?:do|can|could|would|should|might|to) ?(?:i|we|one)?|what(?:'s| is| are) (?:a |the )?(?:good|best|easiest|general|most|some)|where (?:can|do) i|which|i want to|i need|i'm trying|help me|what can i)\b/i,
  ],
  ['long', /^.{400,}/s],
  ['longer', /^.{1200,}/s],
  [
    'b:asks-fact',
    /^\s{0,5}(?:what (?:is|are|was|were|does|did|happened|kind|year|made|role|can one do)\b|who\b|when\b|how (?:is|are|was|were|many|did|does)\b|why (?:did|was|were|can|are there)|where (?:was|were|did|is|can i (?:contact|buy|find|learn))|describe\b|discuss\b|was\b|is\b|tell me about)/i,
  ],
  ['b:past', /\b(?:did|was|were|had been|happened|history|historical|in (?:1[5-9]|20)\d\d|century|world war)\b/i],
  [
    'b:fiction-or-game',
    /\b(?:gta|minecraft|call of duty|fortnite|counter.?strike|tekken|halo|video ?games?|chess|board game|in the game|shooting range|character\w?|fictional|novel|movie|film|play script|play|theat(?:er|re)|stage|magician|cartoon|in space|underwater|on the moon|dream|my lines)\b/i,
  ],
  [
    'b:thing',
    /\b(?:kill|terminate|shoot|blow up|destroy|hang|crush|execute|butcher|smash|burn|cut|beat|strangle|whip|shred|steal|murder|slaughter|destroying|killing|blowing)\b.{0,30}\b(?:process(?:es)?|programs?|songs?|karaoke|potato(?:es)?|onions?|python|linux|c\b|code|thread|task|server|photo|photos?|picture|balloon|target|lights?|time|weeds?|mosquito\w{0,2}|bugs?|insects?|cockroach\w{0,2}|garlic|cream|eggs?|party|show|calories|fat|opponents?|enem(?:y|ies)|traffic|fire|query|command|stage|bottle|can|file|papers?|class|exam|workout|record|hunger|weight|cells|bacteria|virus|germs|tree|debt|confidence|cake|joke|rush hour|snowman|pinata|build)\b|\b(?:bath|photo|cherry|seed|glitter|stink|fan) ?bomb(?:s|ing)?\b|\b(?:break(?:ing)?|broke) into (?:the |a |an )?(?:[a-z]+ )?(?:business|industry|market|field|scene|charts|applause|song|tears|publishing|acting|modelling)\b|\b(?:glue|water|nail|staple|radar|heat|price|spray|tommy|nerf) ?guns?\b|\bpoison (?:ivy|oak|sumac|dart|frogs?)\b/i,
  ],
  [
    'b:against-harm',
    /\b(?:prevent\w{0,4}|protect\w{0,4}|avoid(?:ing)?|stop(?:ping)?|counter\w{0,3}|fight(?:ing)?|combat\w{0,3}|fact.?check\w{0,4}|raise awareness|awareness|detect\w{0,4}|recogni[sz]\w{1,4}|help (?:someone|people|a friend)|support|report\w{0,3}|critici[sz]\w{1,3}|debunk\w{0,3}|danger\w{0,4}|risks? of|consequences|effects? of|reduc\w{1,4}|safely|security|audit|educat\w{1,6}|legal(?:ly)?|against (?:terror|violence|crime))\b/i,
  ],
  [
    'b:article',
    /<organization>|<url>|https?:|\b(?:announc\w{1,5}|percent|company|season|team|according to|published|research|products?|software|licen[cs]e|game|players?|copyright|show notes|in this article|minutes|price|market|http)\b/i,
  ],
  [
    'b:public',
    /\b(?:president|companies|organi[sz]ation|headquarters|amazon|apple|google|microsoft|facebook|celebrit\w{1,3}|actor|ceo|famous|movie)\b/i,
  ],
];

/** Whether any grave harm is spoken of at all: the cheap question before the dear one. */
export const speaksOfHarm = (text: string): boolean => beginsLikeHarm(text, READ);

/** Ids of the marks a text carries; `ask+…` where a request and a harm come together. Reads at most 6,000 units. */
export function harmMarksIn(text: string): string[] {
  const read = text.slice(0, READ);
  const found = MARKS.flatMap(([id, pattern]) => (pattern.test(read) ? [id] : []));
  const asks = found.includes('give-me') || found.includes('how-do-i');
  const harms = found.filter((id) => HARMS.has(id));
  if (asks) found.push(...harms.map((id) => `ask+${id}`));
  if (harms.length >= 2) found.push('two-harms');
  if (harms.length >= 3) found.push('three-harms');
  if (found.includes('b:asks-fact') && harms.length > 0 && !asks) found.push('b:fact-about-harm');
  if (found.includes('private') && found.includes('of-somebody-i-know')) found.push('private-of-somebody');
  if (found.includes('insult') && found.includes('you')) found.push('insult-you');
  return found;
}

const HARMS: ReadonlySet<string> = new Set([
  'harm-to-people',
  'harm-words',
  'weapon',
  'make-weapon-or-drug',
  'drug',
  'crime',
  'cyber',
  'evade',
  'self-harm',
  'sexual',
  'slur',
  'group-put-down',
  'put-down-group',
  'why-group-worse',
  'harass',
  'private',
  'disinformation',
]);

/** Whether the mark names a harm; others say how it is spoken of. */
export const isHarm = (mark: string): boolean => HARMS.has(mark) || mark === 'insult';
