{{/* {context, service, [queues]: a regular expression for the queues it works on}: KEDA on their length, or CPU */}}
{{- define "io.autoscaling" -}}
{{- $scaling := (get .context.Values .service).autoscaling }}
{{- if $scaling.enabled }}
{{- if and .queues .context.Values.keda.enabled }}
{{- include "io.scaledObject" (merge (dict "scaling" $scaling) .) }}
{{- else }}
{{- include "io.hpa" (merge (dict "scaling" $scaling) .) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "io.hpa" -}}
{{- $named := dict "context" .context "component" .service -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  {{- include "io.metadata" $named | nindent 2 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ include "io.componentName" $named }} }
  minReplicas: {{ .scaling.minReplicas }}
  maxReplicas: {{ .scaling.maxReplicas }}
  metrics:
    - type: Resource
      resource: { name: cpu, target: { type: Utilization, averageUtilization: {{ .scaling.cpuPercent }} } }
{{- end }}

{{/* By HTTP, which knows the messages in work too: over AMQP a pod would be taken away from under the last of them. */}}
{{- define "io.scaledObject" -}}
{{- $named := dict "context" .context "component" .service -}}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  {{- include "io.metadata" $named | nindent 2 }}
spec:
  scaleTargetRef: { name: {{ include "io.componentName" $named }} }
  minReplicaCount: {{ .scaling.minReplicas }}
  maxReplicaCount: {{ .scaling.maxReplicas }}
  pollingInterval: {{ .context.Values.keda.pollingIntervalSeconds }}
  cooldownPeriod: {{ .context.Values.keda.cooldownSeconds }}
  triggers:
    - type: rabbitmq
      metricType: AverageValue
      metadata:
        protocol: http
        mode: QueueLength
        value: {{ .scaling.messagesPerReplica | quote }}
        queueName: {{ .queues | quote }}
        useRegex: 'true'
        operation: sum
      authenticationRef: { name: {{ include "io.fullname" .context }}-rabbitmq }
{{- end }}
