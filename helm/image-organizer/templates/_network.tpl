{{/* Who may talk to whom. files/network.txt shows what comes out. */}}

{{/* Whom each component has to reach. Both ends of every line are made from it. */}}
{{- define "io.needs" -}}
gateway: [auth, rabbitmq, mongo]
auth: [mysql, mail]
importer: [rabbitmq, mongo, internet]
migrate: [mysql]
ocr: [rabbitmq, mongo]
classifier: [rabbitmq, mongo, llm]
organizer: [rabbitmq, mongo, s3]
notification: [rabbitmq, mongo, mail, internet]
test: [gateway]
{{- end }}

{{- define "io.ports" -}}
gateway: 8080
auth: 8080
rabbitmq: 5672
mongo: 27017
mysql: 3306
{{- end }}

{{/* {context, component} */}}
{{- define "io.networkPolicy" -}}
{{- if .context.Values.networkPolicies.enabled }}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  {{- include "io.metadata" . | nindent 2 }}
spec:
  podSelector:
    matchLabels:
      {{- include "io.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    {{- include "io.policyIngress" . | trim | default "[]" | nindent 4 }}
  egress:
    {{- include "io.policyEgress" . | trim | default "[]" | nindent 4 }}
{{- end }}
{{- end }}

{{- define "io.policyIngress" -}}
{{- $root := .context }}
{{- $policies := $root.Values.networkPolicies }}
{{- $port := get (include "io.ports" $root | fromYaml) .component }}
{{- $open := and (eq .component "gateway") (not $policies.gatewayFrom) }}
{{- if $open }}
- ports: [{ port: {{ $port }} }]
{{- else }}
{{- range $source, $needs := include "io.needs" $root | fromYaml }}
{{- if has $.component $needs }}
- from:
    - podSelector:
        matchLabels:
          {{- include "io.selector" (dict "context" $root "component" $source) | nindent 10 }}
  ports: [{ port: {{ $port }} }]
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .component "gateway") $policies.gatewayFrom }}
- from: {{ toJson $policies.gatewayFrom }}
  ports: [{ port: {{ $port }} }]
{{- end }}
{{- if hasKey $root.Values.bundled .component }}
{{- if eq .component "rabbitmq" }}
{{- if $root.Values.keda.enabled }}
- from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: {{ $root.Values.keda.namespace }} } } }]
  ports: [{ port: 15672 }]
{{- end }}
{{- if $root.Values.bundled.rabbitmq.console.enabled }}
- from: {{ toJson $policies.consoleFrom }}
  ports: [{ port: 15672 }]
{{- end }}
{{- end }}
{{- else if hasKey $root.Values .component | and (ne .component "migrate") }}
- from: {{ toJson $policies.prometheusFrom }}
  ports: [{ port: 9090 }]
{{- end }}
{{- end }}

{{- define "io.policyEgress" -}}
{{- $root := .context }}
{{- $policies := $root.Values.networkPolicies }}
{{- range get (include "io.needs" $root | fromYaml) .component | default list }}
{{- if eq . "llm" }}
{{- with $root.Values.llm.baseUrl }}
{{ include "io.outside" (dict "to" $policies.llmTo "ports" (list (include "io.portOf" .))) }}
{{- end }}
{{- else if eq . "mail" }}
{{- if include "io.mailIsSent" $root }}
{{ include "io.outside" (dict "to" $policies.mailTo "ports" (list $root.Values.mail.port)) }}
{{- end }}
{{- else if eq . "s3" }}
{{- with $root.Values.s3.endpoint }}
{{ include "io.outside" (dict "to" $policies.s3To "ports" (list (include "io.portOf" .))) }}
{{- end }}
{{- else if eq . "internet" }}
{{- $allowed := $policies.internetTo }}
{{- range $root.Values.fetch.allowedNetworks }}{{ $allowed = append $allowed (dict "ipBlock" (dict "cidr" .)) }}{{ end }}
{{ include "io.outside" (dict "to" $allowed "ports" $root.Values.fetch.ports) }}
{{- else if dig . "enabled" true $root.Values.bundled }}
- to:
    - podSelector:
        matchLabels:
          {{- include "io.selector" (dict "context" $root "component" .) | nindent 10 }}
  ports: [{ port: {{ get (include "io.ports" $root | fromYaml) . }} }]
{{- else }}
{{- $external := get $root.Values.external . }}
{{- $blocks := list }}
{{- range $external.cidrs }}{{ $blocks = append $blocks (dict "ipBlock" (dict "cidr" .)) }}{{ end }}
{{ include "io.outside" (dict "to" $blocks "ports" $external.ports) }}
{{- end }}
{{- end }}
{{- if and $root.Values.traces.endpoint (hasKey $root.Values .component) (ne .component "migrate") }}
{{ include "io.outside" (dict "to" $policies.tracesTo "ports" (list (include "io.portOf" $root.Values.traces.endpoint))) }}
{{- end }}
{{- end }}

{{/* {to: peers, none for anywhere; ports} */}}
{{- define "io.outside" -}}
- ports:
    {{- range .ports }}
    - port: {{ . }}
    {{- end }}
  {{- with .to }}
  to: {{ toJson . }}
  {{- end }}
{{- end }}

{{/* The port of a URL */}}
{{- define "io.portOf" -}}
{{- $url := urlParse . -}}
{{- regexFind "[0-9]+$" (regexFind ":[0-9]+$" $url.host) | default (ternary "443" "80" (eq $url.scheme "https")) -}}
{{- end }}
