/** Names of the techniques our probes carry, as MITRE ATLAS has them (content 2026.09). */
const NAMES: Readonly<Record<string, string>> = {
  'AML.T0024': 'Exfiltration via AI Inference API',
  'AML.T0029': 'Denial of AI Service',
  'AML.T0034': 'Cost Harvesting',
  'AML.T0051.000': 'LLM Prompt Injection: Direct',
  'AML.T0051.001': 'LLM Prompt Injection: Indirect',
  'AML.T0051.002': 'LLM Prompt Injection: Triggered',
  'AML.T0053': 'AI Agent Tool Invocation',
  'AML.T0054': 'LLM Jailbreak',
  'AML.T0055': 'Unsecured Credentials',
  'AML.T0056': 'Extract LLM System Prompt',
  'AML.T0057': 'LLM Data Leakage',
  'AML.T0060': 'Publish Hallucinated Entities',
  'AML.T0061': 'LLM Prompt Self-Replication',
  'AML.T0062': 'Discover LLM Hallucinations',
  'AML.T0068': 'LLM Prompt Obfuscation',
  'AML.T0069.002': 'Discover LLM System Information: System Prompt',
  'AML.T0070': 'RAG Poisoning',
  'AML.T0071': 'False RAG Entry Injection',
  'AML.T0077': 'LLM Response Rendering',
  'AML.T0080': 'AI Agent Context Poisoning',
  'AML.T0083': 'Credentials from AI Agent Configuration',
  'AML.T0086': 'Exfiltration via AI Agent Tool Invocation',
  'AML.T0101': 'Data Destruction via AI Agent Tool Invocation',
};

/** The name of a technique, or its id where it is another; `null` is none. */
export const techniqueName = (id: string | null): string => (id === null ? 'no technique' : (NAMES[id] ?? id));
