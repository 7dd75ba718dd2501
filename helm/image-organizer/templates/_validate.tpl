{{/* What no schema can say: refused with a word on what to set. */}}
{{- define "io.validate" -}}
{{- range $server := list "rabbitmq" "mongo" "mysql" }}
  {{- $bundled := (get $.Values.bundled $server).enabled }}
  {{- $external := get $.Values.external $server }}
  {{- $given := or $external.url $external.existingSecret }}
  {{- if and $bundled $given }}
    {{- fail (printf "%s is both bundled and external: set bundled.%s.enabled=false to use the external one, or empty external.%s.url and external.%s.existingSecret" $server $server $server $server) }}
  {{- end }}
  {{- if not (or $bundled $given $.Values.secrets.existingSecret) }}
    {{- fail (printf "there is no %s: set bundled.%s.enabled=true, or external.%s.url or external.%s.existingSecret" $server $server $server $server) }}
  {{- end }}
{{- end }}
{{- $rabbitmq := .Values.external.rabbitmq }}
{{- if and .Values.keda.enabled (not .Values.bundled.rabbitmq.enabled) $rabbitmq.url (not $rabbitmq.managementUrl) }}
  {{- fail "keda.enabled needs external.rabbitmq.managementUrl: KEDA asks RabbitMQ's management API for queue lengths" }}
{{- end }}
{{- range $service := list "gateway" "auth" "ocr" "classifier" "organizer" "notification" "importer" }}
  {{- $autoscaling := (get $.Values $service).autoscaling }}
  {{- if gt (int $autoscaling.minReplicas) (int $autoscaling.maxReplicas) }}
    {{- fail (printf "%s.autoscaling.minReplicas is more than its maxReplicas: set it to %v or less" $service $autoscaling.maxReplicas) }}
  {{- end }}
  {{- if and $autoscaling.enabled (eq (int $autoscaling.minReplicas) 0) (not $.Values.keda.enabled) }}
    {{- fail (printf "%s.autoscaling.minReplicas=0 needs keda.enabled=true: without KEDA nothing would wake it; set 1 or more" $service) }}
  {{- end }}
{{- end }}
{{- if and .Values.llm.baseUrl (not .Values.llm.model) }}
  {{- fail "llm.baseUrl needs llm.model: set the name of the model to ask" }}
{{- end }}
{{- if .Values.s3.endpoint }}
  {{- if not .Values.s3.bucket }}
    {{- fail "s3.endpoint needs s3.bucket: set the name of the bucket" }}
  {{- end }}
  {{- if not (or .Values.s3.existingSecret .Values.secrets.existingSecret (and .Values.s3.accessKeyId .Values.s3.secretAccessKey)) }}
    {{- fail "s3.endpoint needs s3.existingSecret, or s3.accessKeyId and s3.secretAccessKey" }}
  {{- end }}
{{- end }}
{{- if and .Values.bundled.rabbitmq.console.enabled (not .Values.bundled.rabbitmq.enabled) }}
  {{- fail "bundled.rabbitmq.console.enabled needs bundled.rabbitmq.enabled=true: an external RabbitMQ has a console of its own" }}
{{- end }}
{{- include "io.validateSecrets" . }}
{{- end }}

{{/* Secrets that the values name have to be there. The default account of every namespace tells that there is a cluster to ask. */}}
{{- define "io.validateSecrets" -}}
{{- if lookup "v1" "ServiceAccount" .Release.Namespace "default" }}
  {{- range $variable, $name := include "io.secretNames" . | fromYaml }}
    {{- if ne $name (include "io.ownSecret" $) }}
      {{- $secret := lookup "v1" "Secret" $.Release.Namespace $name }}
      {{- if not $secret }}
        {{- fail (printf "there is no Secret %s in the namespace %s: make it with the key %s, or empty the existingSecret that names it" $name $.Release.Namespace $variable) }}
      {{- end }}
      {{- if not (hasKey ($secret.data | default dict) $variable) }}
        {{- fail (printf "the Secret %s in the namespace %s has no key %s: add it" $name $.Release.Namespace $variable) }}
      {{- end }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end }}
