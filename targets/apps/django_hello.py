from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=['*'], MIDDLEWARE=[])


def hello(request):
    return HttpResponse('<h1>Hello, web!</h1>')


urlpatterns = [path('', hello)]
application = get_wsgi_application()
